// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import java.util.List;
import java.util.Objects;

/**
 * Changes the elements per beat by a whole factor, up or down. Down (wide to narrow): in a cycle in
 * which the input queue is not empty and the output queue has space, the next slice of the head
 * beat is pushed, lowest elements first; the beat is popped with its last slice. Up: the first
 * factor - 1 beats of a group are popped into registers as they come, regardless of the output
 * queue; the last is popped, and the group pushed, in a cycle in which the output queue has space.
 *
 * @param name Verilog name
 * @param layer name in the model
 * @param input beats
 * @param output beats with a multiple or a divisor of the input's elements
 */
public record WidthUnit(String name, String layer, Stream input, Stream output) implements Unit {
  public WidthUnit {
    Identifiers.requireLegal(name);
    Objects.requireNonNull(layer);
    int in = input.type().elements();
    int out = output.type().elements();
    if (in == out || Math.max(in, out) % Math.min(in, out) != 0) {
      throw new IllegalArgumentException(
          "widths " + in + " and " + out + " are not a whole factor");
    }
  }

  @Override
  public List<Stream> inputs() {
    return List.of(input);
  }

  @Override
  public List<Stream> outputs() {
    return List.of(output);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.width(this);
  }
}
