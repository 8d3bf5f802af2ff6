// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import static dev.etch.op.FixedPointArithmetic.divideByPowerOfTwo;
import static dev.etch.op.FixedPointArithmetic.doublingHighMultiply;
import static dev.etch.op.FixedPointArithmetic.halfSum;
import static dev.etch.op.FixedPointArithmetic.multiplyByPowerOfTwo;

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
  private static final int ONE_THIRD = 715_827_883;
  private static final int EXP_OF_MINUS_EIGHTH = 1_895_147_668;
  private static final int CONSTANT_48_OVER_17 = 1_515_870_810;
  private static final int CONSTANT_MINUS_32_OVER_17 = -1_010_580_540;
  private static final int NEWTON_STEPS = 3;

  /** exp(-2^(i-2)) in Q0. */
  private static final int[] EXP_OF_POWERS = {
    1_672_461_947, 1_302_514_674, 790_015_084, 290_630_308, 39_332_535, 720_401, 242
  };

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
}
