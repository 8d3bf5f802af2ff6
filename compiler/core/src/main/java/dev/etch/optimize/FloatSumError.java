// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize;

import dev.etch.exact.Interval;
import dev.etch.op.requantization.FloatAccumulation;

/**
 * How far a float32 sum of products can be from the exact sum, whatever the order of its additions.
 * Both factors, each product and each addition are rounded; Higham, "Accuracy and Stability of
 * Numerical Algorithms", section 4.2: the error of a sum of n terms is at most about n units of
 * rounding times the sum of their magnitudes.
 *
 * @param accumulators the bound, counted in steps of the exact integer sum; 0 if all is exact
 */
record FloatSumError(double accumulators) {
  private static final int SIGNIFICAND = 24;
  private static final double ROUNDING = 0x1p-24;

  /** Roundings of a term beside those of the additions, and the one of the exact sum. */
  private static final int ROUNDINGS_OF_A_TERM = 4;

  /**
   * The bound for one channel.
   *
   * @param terms that are added
   * @param largest magnitude of an input without its zero point
   * @param widest magnitude of a weight
   * @param magnitudes the sum of the terms' magnitudes at most
   */
  static FloatSumError of(
      FloatAccumulation staircase, int terms, long largest, long widest, long magnitudes) {
    long input = oddPart(staircase.inputScale());
    long weight = oddPart(staircase.weightScale());
    boolean exact =
        fits(input * largest)
            && fits(weight * widest)
            && bits(input) + bits(weight) <= SIGNIFICAND
            && fits(input * weight * magnitudes)
            && staircase.bias() == 0;
    return new FloatSumError(exact ? 0 : (terms + ROUNDINGS_OF_A_TERM) * ROUNDING * magnitudes);
  }

  /**
   * The bound where the quotient, which ONNX Runtime rounds to float32, is not rounded: 0 only if
   * the output's scale is a power of two, and its quotient exact.
   */
  FloatSumError withQuotient(FloatAccumulation staircase, long magnitudes) {
    boolean exact =
        Integer.bitCount(staircase.count()) == 1 && oddPart(staircase.outputScale()) == 1;
    return exact ? this : new FloatSumError(accumulators + 2 * ROUNDING * magnitudes);
  }

  /** The bound where each sum can besides be that far from the exact one, in its own steps. */
  FloatSumError plus(double more) {
    return new FloatSumError(accumulators + more);
  }

  /** The bound in steps of the output. */
  double steps(FloatAccumulation staircase) {
    return accumulators * staircase.ratio();
  }

  /** How many of the accumulators that are reached lie within the bound of an edge. */
  long doubtful(FloatAccumulation staircase, Interval reached) {
    if (accumulators == 0) {
      return 0;
    }
    long count = 0;
    long next = reached.low();
    int first = staircase.apply(reached.low());
    int last = staircase.apply(reached.high());
    for (int level = Math.max(first, staircase.low() + 1) - 1; level <= last; level++) {
      double edge =
          (level + 0.5 - staircase.zeroPoint() - staircase.bias() / staircase.outputScale())
              / staircase.ratio();
      long from = Math.max(next, (long) Math.ceil(edge - accumulators));
      long to = Math.min(reached.high(), (long) Math.floor(edge + accumulators));
      if (from <= to) {
        count += to - from + 1;
        next = to + 1;
      }
    }
    return count;
  }

  private static boolean fits(long multiple) {
    return bits(multiple) <= SIGNIFICAND;
  }

  private static int bits(long value) {
    return Long.SIZE - Long.numberOfLeadingZeros(value);
  }

  /** The odd number that times a power of two is the value. */
  private static long oddPart(float value) {
    long significand = (Float.floatToIntBits(value) & 0x7fffff) | 0x800000;
    return significand >> Long.numberOfTrailingZeros(significand);
  }
}
