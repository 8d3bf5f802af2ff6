// SPDX-License-Identifier: Apache-2.0
package dev.etch.op.requantization;

/**
 * The 32-bit fixed-point operations that TFLite's reference kernels are made of.
 *
 * <p>Source: gemmlowp, {@code fixedpoint/fixedpoint.h}.
 */
public final class FixedPointArithmetic {
  private FixedPointArithmetic() {}

  /**
   * {@code a * b / 2^31}, rounded to nearest, ties up; saturates the one product that leaves 32
   * bits. gemmlowp {@code SaturatingRoundingDoublingHighMul}.
   */
  public static int doublingHighMultiply(int a, int b) {
    if (a == Integer.MIN_VALUE && b == Integer.MIN_VALUE) {
      return Integer.MAX_VALUE;
    }
    long product = (long) a * b;
    long nudge = product >= 0 ? 1L << 30 : 1 - (1L << 30);
    return (int) ((product + nudge) / (1L << 31));
  }

  /**
   * {@code value / 2^exponent}, rounded to nearest, ties away from zero; the exponent is from 0 to
   * 31. gemmlowp {@code RoundingDivideByPOT}.
   */
  public static int divideByPowerOfTwo(int value, int exponent) {
    int mask = (int) ((1L << exponent) - 1);
    int remainder = value & mask;
    int threshold = (mask >>> 1) + (value < 0 ? 1 : 0);
    return (value >> exponent) + (remainder > threshold ? 1 : 0);
  }

  /**
   * {@code value * 2^exponent}; saturates as gemmlowp's {@code SaturatingRoundingMultiplyByPOT}.
   */
  public static int multiplyByPowerOfTwo(int value, int exponent) {
    int threshold = (1 << (31 - exponent)) - 1;
    if (value > threshold) {
      return Integer.MAX_VALUE;
    }
    return value < -threshold ? Integer.MIN_VALUE : value << exponent;
  }

  /** {@code (a + b) / 2}, rounded to nearest, ties away from zero. */
  public static int halfSum(int a, int b) {
    long sum = (long) a + b;
    return (int) ((sum + (sum >= 0 ? 1 : -1)) / 2);
  }
}
