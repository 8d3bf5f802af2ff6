// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer;

import dev.etch.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Turns the 64-bit extents of a file, which nobody checked, into a shape. */
public final class Dimensions {
  /** Most elements of a constant: 2^28, 1 GiB as 32-bit numbers. */
  public static final int MOST_ELEMENTS = 1 << 28;

  private static final int HIGHEST_RANK = 16;

  private Dimensions() {}

  /**
   * The shape with these extents.
   *
   * @throws Refusal if an extent is negative, the rank above 16 or the elements above {@link
   *     #MOST_ELEMENTS}
   */
  public static Shape shape(List<Long> extents) {
    if (extents.size() > HIGHEST_RANK) {
      throw new Refusal("rank " + extents.size() + " is above " + HIGHEST_RANK, "");
    }
    boolean empty = extents.contains(0L);
    long elements = 1;
    List<Integer> dimensions = new ArrayList<>();
    for (long extent : extents) {
      if (extent < 0) {
        throw new Refusal(
            "negative dimension in " + extents,
            "convert the model with a fixed shape of its input");
      }
      if (extent > MOST_ELEMENTS || (!empty && elements * extent > MOST_ELEMENTS)) {
        throw new Refusal(
            "shape " + extents + " has too many elements", "at most 2^28 elements a tensor");
      }
      elements = empty ? 0 : elements * extent;
      dimensions.add((int) extent);
    }
    if (empty) {
      checkWithoutZeros(dimensions, extents);
    }
    return new Shape(dimensions);
  }

  // [0, 2^28, 2^28] has no element, but its strides overflow all the same.
  private static void checkWithoutZeros(List<Integer> dimensions, List<Long> extents) {
    long product = 1;
    for (int d : dimensions) {
      product *= Math.max(1, d);
      if (product > MOST_ELEMENTS) {
        throw new Refusal("shape " + extents + " is too large", "");
      }
    }
  }
}
