// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.prune;

import dev.etch.tensor.Shape;

/** Which weights of a layer are pruned together. */
public interface Pattern {
  /**
   * The mask of a layer on the way to the pattern.
   *
   * @param weights row-major, outputs first
   * @param shape of the weights: [outputs, ...]
   * @param left what is still to be pruned, from 1, when all is kept, to 0, which is the pattern
   */
  Mask mask(float[] weights, Shape shape, double left);

  /** Knows all patterns. */
  interface Visitor<R> {
    /** For blocks of the matrix. */
    R visit(Blocks pattern);

    /** For some of the weights that follow each other. */
    R visit(KeptOfGroup pattern);
  }

  /** Calls the method of {@code visitor} for this pattern. */
  <R> R accept(Visitor<R> visitor);

  /** What it is called in reports. */
  String title();
}
