// SPDX-License-Identifier: Apache-2.0
package dev.etch.op.requantization;

/**
 * The 16-bit fixed-point operations that TFLite's recurrent kernels are made of. Operands and
 * results are from -2^15 to 2^15 - 1. Division by powers of two is that of {@link
 * FixedPointArithmetic}.
 *
 * <p>Source: gemmlowp, {@code fixedpoint/fixedpoint.h}, its functions of {@code int16_t}.
 */
public final class ShortArithmetic {
  private ShortArithmetic() {}

  /** The nearest number of 16 bits. */
  public static int saturate(long value) {
    return (int) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, value));
  }

  /**
   * {@code a * b / 2^15}, rounded to nearest, ties up; saturates the one product that leaves 16
   * bits. gemmlowp {@code SaturatingRoundingDoublingHighMul}.
   */
  public static int doublingHighMultiply(int a, int b) {
    if (a == Short.MIN_VALUE && b == Short.MIN_VALUE) {
      return Short.MAX_VALUE;
    }
    int product = a * b;
    int nudge = product >= 0 ? 1 << 14 : 1 - (1 << 14);
    return (product + nudge) / (1 << 15);
  }

  /**
   * {@code value * 2^exponent}; saturates as gemmlowp's {@code SaturatingRoundingMultiplyByPOT}.
   */
  public static int multiplyByPowerOfTwo(int value, int exponent) {
    int threshold = (1 << (15 - exponent)) - 1;
    if (value > threshold) {
      return Short.MAX_VALUE;
    }
    return value < -threshold ? Short.MIN_VALUE : value << exponent;
  }
}
