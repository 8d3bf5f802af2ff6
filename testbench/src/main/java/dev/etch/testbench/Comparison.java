// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Shape;
import java.util.List;
import java.util.Optional;

/** Counts differing elements; safe for several threads. */
final class Comparison {
  private final List<AcceleratorPorts.Output> outputs;
  private int frames;
  private long compared;
  private long mismatches;
  private Mismatch first;

  Comparison(AcceleratorPorts ports) {
    this.outputs = ports.outputs();
  }

  /** Compares all outputs of one frame, row-major. */
  void compare(int frame, List<IntegerTensor> expected, List<int[]> actual) {
    for (int output = 0; output < outputs.size(); output++) {
      compare(frame, output, expected.get(output).data(), actual.get(output));
    }
    countFrame();
  }

  private void compare(int frame, int output, int[] wanted, int[] actual) {
    Shape shape = outputs.get(output).type().shape();
    long wrong = 0;
    Mismatch found = null;
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i] != actual[i]) {
        wrong++;
        if (found == null) {
          found =
              new Mismatch(
                  frame, name(output), Mismatch.coordinates(shape, i), wanted[i], actual[i]);
        }
      }
    }
    add(wanted.length, wrong, found);
  }

  /** Of one of several outputs. */
  private Optional<String> name(int output) {
    return outputs.size() == 1
        ? Optional.empty()
        : Optional.of(outputs.get(output).meaning().value().name());
  }

  private synchronized void countFrame() {
    frames++;
  }

  private synchronized void add(int count, long wrong, Mismatch found) {
    compared += count;
    mismatches += wrong;
    if (found != null && (first == null || found.frame() < first.frame())) {
      first = found;
    }
  }

  synchronized int frames() {
    return frames;
  }

  synchronized long compared() {
    return compared;
  }

  synchronized long mismatches() {
    return mismatches;
  }

  synchronized Optional<Mismatch> first() {
    return Optional.ofNullable(first);
  }
}
