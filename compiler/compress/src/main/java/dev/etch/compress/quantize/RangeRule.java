// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.quantize;

/** How the range of an activation is chosen. */
public enum RangeRule {
  /** So that it covers the wanted part of the elements. */
  COVERED {
    @Override
    ActivationRange choose(ActivationRange covered, SquaredError error) {
      return covered;
    }
  },

  /**
   * So that the sum of the squared errors, of rounding and of cutting off, is least, of 64 ranges
   * from the covered one down.
   */
  SQUARED_ERROR {
    @Override
    ActivationRange choose(ActivationRange covered, SquaredError error) {
      ActivationRange best = covered;
      double least = Double.POSITIVE_INFINITY;
      for (int i = TRIED; i > 0; i--) {
        float part = (float) i / TRIED;
        ActivationRange range = new ActivationRange(part * covered.low(), part * covered.high());
        double sum = error.of(range);
        if (sum < least) {
          least = sum;
          best = range;
        }
      }
      return best;
    }
  };

  private static final int TRIED = 64;

  /** Sum of the squared errors of all elements that were seen. */
  interface SquaredError {
    double of(ActivationRange range);
  }

  /**
   * The range.
   *
   * @param covered which part of the elements is in it
   */
  abstract ActivationRange choose(ActivationRange covered, SquaredError error);
}
