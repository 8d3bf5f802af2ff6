// SPDX-License-Identifier: Apache-2.0
package dev.etch.op.requantization;

/** Rounding to nearest, ties to even, of integers with fraction bits. */
final class HalfEven {
  private HalfEven() {}

  /** {@code value / 2^exponent}, rounded; the exponent is from 1 to 62. */
  static long divideByPowerOfTwo(long value, int exponent) {
    long sum = value + (1L << (exponent - 1));
    long result = sum >> exponent;
    boolean tie = result << exponent == sum;
    return tie && (result & 1) == 1 ? result - 1 : result;
  }
}
