// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import static dev.etch.op.requantization.FixedPointArithmetic.divideByPowerOfTwo;
import static dev.etch.op.requantization.FixedPointArithmetic.doublingHighMultiply;
import static dev.etch.op.requantization.FixedPointArithmetic.halfSum;
import static dev.etch.op.requantization.FixedPointArithmetic.multiplyByPowerOfTwo;

/**
 * Exponential, logistic function and hyperbolic tangent of TFLite's integer kernels. {@code Qn}
 * means an int32 with n integer bits, a sign and 31 - n fraction bits; results are Q0, where 2^31 -
 * 1 stands for one.
 *
 * <p>Source: gemmlowp, {@code fixedpoint/fixedpoint.h}; the constants are the functions' values
 * there, rounded to 32 bits.
 */
public final class FixedPointFunctions {
  private static final int ONE = Integer.MAX_VALUE;
  static final int ONE_THIRD = 715_827_883;
  static final int EXP_OF_MINUS_EIGHTH = 1_895_147_668;
  static final int CONSTANT_48_OVER_17 = 1_515_870_810;
  static final int CONSTANT_MINUS_32_OVER_17 = -1_010_580_540;
  static final int NEWTON_STEPS = 3;

  /** exp(-2^(i-2)) in Q0. */
  static final int[] EXP_OF_POWERS = {
    1_672_461_947, 1_302_514_674, 790_015_084, 290_630_308, 39_332_535, 720_401, 242
  };

  private static final int LOG_OF_2 = 1_488_522_236;
  private static final int SQRT_HALF = 1_518_500_250;
  private static final int FOURTH_ROOT_OF_HALF = 1_805_811_301;

  // With f the fourth root of 2: 11/240 f, 1/20 f, 2/f - f and 1/4 f.
  private static final int LOG_NUMERATOR = 117_049_297;
  private static final int LOG_DENOMINATOR = 127_690_142;
  private static final int LOG_CONSTANT = 1_057_819_769;
  private static final int LOG_LINEAR = 638_450_708;

  private FixedPointFunctions() {}

  /**
   * exp(a) in Q0.
   *
   * @param a at most 0, in Q{@code integerBits}
   * @param integerBits from 0 to 5
   */
  static int exp(int a, int integerBits) {
    if (a == 0) {
      return ONE;
    }
    int fractionBits = 31 - integerBits;
    int quarter = 1 << (fractionBits - 2);
    int inQuarter = (a & (quarter - 1)) - quarter;
    int result = expAboveMinusQuarter(multiplyByPowerOfTwo(inQuarter, integerBits));
    int remainder = inQuarter - a;
    for (int i = 0; i < integerBits + 2; i++) {
      if ((remainder & (1 << (fractionBits - 2 + i))) != 0) {
        result = doublingHighMultiply(result, EXP_OF_POWERS[i]);
      }
    }
    return result;
  }

  /** exp(a) for a in [-1/4, 0), a Taylor polynomial of order 4 around -1/8; all in Q0. */
  private static int expAboveMinusQuarter(int a) {
    int x = a + (1 << 28);
    int square = doublingHighMultiply(x, x);
    int cube = doublingHighMultiply(square, x);
    int fourth = doublingHighMultiply(square, square);
    int higher = doublingHighMultiply(divideByPowerOfTwo(fourth, 2) + cube, ONE_THIRD) + square;
    int polynomial = x + divideByPowerOfTwo(higher, 1);
    return EXP_OF_MINUS_EIGHTH + doublingHighMultiply(EXP_OF_MINUS_EIGHTH, polynomial);
  }

  /** 1 / (1 + a) in Q0 for a in [0, 1), Q0. */
  static int reciprocalOfOnePlus(int a) {
    // x is Q2: half of it in Q0 is a shift by one.
    return multiplyByPowerOfTwo(reciprocalOfHalf(halfSum(a, ONE)), 1);
  }

  /** (1 - a) / (1 + a) in Q0 for a in [0, 1), Q0. */
  private static int oneMinusOverOnePlus(int a) {
    return multiplyByPowerOfTwo(reciprocalOfHalf(halfSum(a, ONE)) - (1 << 29), 2);
  }

  /** 1 / d in Q2 for d in [1/2, 1], Q0, by Newton and Raphson. */
  private static int reciprocalOfHalf(int denominator) {
    int x = CONSTANT_48_OVER_17 + doublingHighMultiply(denominator, CONSTANT_MINUS_32_OVER_17);
    for (int i = 0; i < NEWTON_STEPS; i++) {
      int error = (1 << 29) - doublingHighMultiply(denominator, x);
      x += multiplyByPowerOfTwo(doublingHighMultiply(x, error), 2);
    }
    return x;
  }

  /** 1 / (1 + exp(-a)) in Q0 for a in Q{@code integerBits}. */
  public static int logistic(int a, int integerBits) {
    if (a == 0) {
      return 1 << 30;
    }
    int ofPositive = reciprocalOfOnePlus(exp(a > 0 ? -a : a, integerBits));
    return a > 0 ? ofPositive : ONE - ofPositive;
  }

  /** tanh(a) in Q0 for a in Q{@code integerBits}. */
  public static int tanh(int a, int integerBits) {
    if (a == 0) {
      return 0;
    }
    int result = oneMinusOverOnePlus(exp(a < 0 ? a : -a, integerBits + 1));
    return a < 0 ? -result : result;
  }

  /**
   * log(a) in Q{@code integerBits} for a of at least 1, in Q{@code operandBits}. Of two splits of a
   * into a power of two and a rest near the fourth root of 1/2, the one with the smaller rest is
   * taken; the logarithm of the rest is a Padé approximant. TFLite {@code
   * log_x_for_x_greater_than_or_equal_to_1}.
   */
  static int log(int a, int operandBits, int integerBits) {
    int accumulatorBits = integerBits + 1;
    int quarter = divideByPowerOfTwo(1 << 29, accumulatorBits);
    int zeros = Integer.numberOfLeadingZeros(a);
    int normalized = multiplyByPowerOfTwo(a, zeros - 1);
    int first = multiplyByPowerOfTwo(doublingHighMultiply(normalized, SQRT_HALF), 1);
    int firstPower =
        saturated((long) multiplyByPowerOfTwo(operandBits - zeros, 31 - accumulatorBits) + quarter);
    int headroom = Integer.numberOfLeadingZeros(doublingHighMultiply(a, SQRT_HALF)) - 1;
    int second = multiplyByPowerOfTwo(a, headroom);
    int secondPower =
        saturated(
            (long) multiplyByPowerOfTwo(operandBits - headroom, 31 - accumulatorBits) - quarter);
    int rest = Math.min(first, second);
    int power = Math.max(firstPower, secondPower);
    int sum = doublingHighMultiply(power, LOG_OF_2) + logOfRest(rest, accumulatorBits);
    return multiplyByPowerOfTwo(sum, 1);
  }

  /** Up to a constant that the powers have. */
  private static int logOfRest(int rest, int accumulatorBits) {
    int mean = halfSum(rest, FOURTH_ROOT_OF_HALF);
    int difference = 2 * (rest - FOURTH_ROOT_OF_HALF);
    int square = doublingHighMultiply(difference, difference);
    int numerator =
        doublingHighMultiply(difference, rest)
            + doublingHighMultiply(doublingHighMultiply(difference, square), LOG_NUMERATOR);
    int denominator =
        doublingHighMultiply(
                mean, LOG_CONSTANT + difference + doublingHighMultiply(LOG_DENOMINATOR, square))
            + doublingHighMultiply(LOG_LINEAR, difference);
    return doublingHighMultiply(
        divideByPowerOfTwo(numerator, accumulatorBits), reciprocalOfOnePlus(denominator));
  }

  private static int saturated(long value) {
    return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, value));
  }
}
