// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * An output element that differs from the reference.
 *
 * @param frame index of the frame, from 0
 * @param output its name, if there are several
 * @param coordinates of the element in the output tensor
 * @param expected the reference's
 * @param actual the simulated hardware's
 */
public record Mismatch(
    int frame, Optional<String> output, List<Integer> coordinates, int expected, int actual) {
  public Mismatch {
    Objects.requireNonNull(output);
    coordinates = List.copyOf(Objects.requireNonNull(coordinates));
  }

  /** Coordinates of a row-major index. */
  static List<Integer> coordinates(Shape shape, int index) {
    List<Integer> coordinates = new ArrayList<>();
    for (int stride : shape.strides()) {
      coordinates.add(index / stride);
      index %= stride;
    }
    return coordinates;
  }

  @Override
  public String toString() {
    return "frame "
        + frame
        + ", output element "
        + coordinates
        + output.map(name -> " of '" + name + "'").orElse("")
        + ": expected "
        + expected
        + ", the hardware gives "
        + actual;
  }
}
