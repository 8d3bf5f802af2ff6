// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Shape;
import java.util.Optional;

/** Counts differing elements; safe for several threads. */
final class Comparison {
  private final Shape shape;
  private int frames;
  private long compared;
  private long mismatches;
  private Mismatch first;

  Comparison(Shape shape) {
    this.shape = shape;
  }

  /** Compares one frame, row-major. */
  void compare(int frame, IntegerTensor expected, int[] actual) {
    int[] wanted = expected.data();
    long wrong = 0;
    Mismatch found = null;
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i] != actual[i]) {
        wrong++;
        if (found == null) {
          found = new Mismatch(frame, Mismatch.coordinates(shape, i), wanted[i], actual[i]);
        }
      }
    }
    add(wanted.length, wrong, found);
  }

  private synchronized void add(int count, long wrong, Mismatch found) {
    frames++;
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
