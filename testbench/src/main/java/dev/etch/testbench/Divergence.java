// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The place where hardware and reference part first, upstream of all others.
 *
 * @param unit Verilog name of the unit that pushed the wrong beat
 * @param layer its layer in the model
 * @param stream the queue that took the beat
 * @param value the graph's value that the stream carries
 * @param frame index of the frame
 * @param coordinates of the element in that value
 * @param expected the reference's element
 * @param actual the hardware's element; empty if it never came
 * @param cycle clock cycle of the replay in which it was pushed, or in which the replay ended
 * @param waveform value change dump of the cycles around it
 */
public record Divergence(
    String unit,
    String layer,
    String stream,
    String value,
    int frame,
    List<Integer> coordinates,
    int expected,
    Optional<Integer> actual,
    long cycle,
    Path waveform) {
  public Divergence {
    Objects.requireNonNull(unit);
    coordinates = List.copyOf(coordinates);
    Objects.requireNonNull(actual);
    Objects.requireNonNull(waveform);
  }

  @Override
  public String toString() {
    return "unit %s (layer '%s') is the first to diverge: frame %d, %s%s, expected %d, %s in cycle %d; waveform: %s"
        .formatted(
            unit,
            dev.etch.diagnostic.Printable.of(layer),
            frame,
            dev.etch.diagnostic.Printable.of(value),
            coordinates,
            expected,
            actual.map(a -> "pushed " + a).orElse("nothing came"),
            cycle,
            waveform);
  }
}
