// SPDX-License-Identifier: Apache-2.0
package dev.etch.op.requantization;

import dev.etch.diagnostic.OperatorException;

/**
 * A positive real number as TFLite's kernels multiply with it: {@code multiplier * 2^(shift - 31)},
 * and the two roundings of such a product.
 *
 * <p>Source: TFLite's {@code QuantizeMultiplier} and {@code MultiplyByQuantizedMultiplier} (double
 * rounding, the default of its reference kernels), gemmlowp's fixed-point functions.
 *
 * @param multiplier from 0 to 2^31 - 1; from 2^30 if it comes from {@link #of}
 * @param shift left if above 0, right if below; from -31 to 31
 */
public record QuantizedMultiplier(int multiplier, int shift) {
  /** Multiplies by exactly 1. */
  public static final QuantizedMultiplier ONE = new QuantizedMultiplier(1 << 30, 1);

  private static final int MOST_SHIFT = 31;

  public QuantizedMultiplier {
    if (multiplier < 0 || Math.abs(shift) > MOST_SHIFT) {
      throw new OperatorException(
          "multiplier %d with shift %d".formatted(multiplier, shift),
          "a multiplier is at least 0, a shift from -31 to 31");
    }
  }

  /**
   * The nearest multiplier to {@code real}, which must be at least 0 and below 2^31; 0 if it is
   * below 2^-32.
   */
  public static QuantizedMultiplier of(double real) {
    if (!(real >= 0 && real < 1L << MOST_SHIFT)) {
      throw new OperatorException(
          "a scale ratio of " + real + " is out of range", "check the scales in the model");
    }
    if (real == 0) {
      return new QuantizedMultiplier(0, 0);
    }
    int shift = Math.getExponent(real) + 1;
    if (shift < -MOST_SHIFT - 1) {
      return new QuantizedMultiplier(0, 0);
    }
    // Half away from zero and half up are the same above zero.
    long fixed = (long) Math.floor(Math.scalb(real, MOST_SHIFT - shift) + 0.5);
    if (fixed == 1L << MOST_SHIFT) {
      fixed /= 2;
      shift++;
    }
    return shift < -MOST_SHIFT
        ? new QuantizedMultiplier(0, 0)
        : new QuantizedMultiplier((int) fixed, shift);
  }

  /** The number that this stands for. */
  public double real() {
    return Math.scalb((double) multiplier, shift - MOST_SHIFT);
  }

  /**
   * The product, rounded twice: to the high half of the doubled product, then by the right shift.
   * Where the left shift leaves 32 bits TFLite's result is undefined; ours saturates there, so that
   * the product never decreases as {@code value} grows.
   */
  public int times(long value) {
    long shifted = shift > 0 ? saturatedShift(value, shift) : saturate(value);
    int high = FixedPointArithmetic.doublingHighMultiply((int) shifted, multiplier);
    return FixedPointArithmetic.divideByPowerOfTwo(high, Math.max(0, -shift));
  }

  private static long saturatedShift(long value, int shift) {
    return saturate(saturate(value) << shift);
  }

  private static long saturate(long value) {
    return Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, value));
  }
}
