// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import static dev.etch.op.requantization.FixedPointArithmetic.divideByPowerOfTwo;
import static dev.etch.op.requantization.FixedPointArithmetic.halfSum;
import static dev.etch.op.requantization.ShortArithmetic.doublingHighMultiply;
import static dev.etch.op.requantization.ShortArithmetic.multiplyByPowerOfTwo;
import static dev.etch.op.requantization.ShortArithmetic.saturate;

/**
 * Logistic function and hyperbolic tangent of TFLite's recurrent kernels, in 16 bits: the method of
 * {@link FixedPointFunctions} with coarser numbers, and sums that saturate. {@code Qn} means n
 * integer bits, a sign and 15 - n fraction bits; results are Q0, where 2^15 - 1 stands for one.
 *
 * <p>Source: gemmlowp, {@code fixedpoint/fixedpoint.h}; TFLite, {@code PortableApplySigmoid} and
 * {@code PortableApplyTanh}.
 */
public final class ShortFunctions {
  /** gemmlowp has no tanh of more integer bits in TFLite. */
  public static final int MOST_TANH_BITS = 6;

  private static final int ONE = Short.MAX_VALUE;

  /** One in Q2. */
  private static final int ONE_OF_TWO_BITS = 1 << 13;

  /** With more integer bits there are exponents that no power in the table covers. */
  private static final int MOST_BITS_OF_POWERS = 5;

  private ShortFunctions() {}

  /**
   * 1 / (1 + exp(-a)) in Q0.
   *
   * @param a in Q{@code integerBits}
   * @param integerBits from 0 to 7
   */
  public static int logistic(int a, int integerBits) {
    if (a == 0) {
      return 1 << 14;
    }
    int ofPositive = reciprocalOfOnePlus(exp(a > 0 ? -a : a, integerBits));
    return a > 0 ? ofPositive : ONE - ofPositive;
  }

  /**
   * tanh(a) in Q0.
   *
   * @param a in Q{@code integerBits}
   * @param integerBits from 0 to {@link #MOST_TANH_BITS}
   */
  public static int tanh(int a, int integerBits) {
    if (a == 0) {
      return 0;
    }
    int result = oneMinusOverOnePlus(exp(a < 0 ? a : -a, integerBits + 1));
    return a < 0 ? -result : result;
  }

  /** exp(a) in Q0 for a of at most 0 in Q{@code integerBits}. */
  static int exp(int a, int integerBits) {
    if (a == 0) {
      return ONE;
    }
    int fractionBits = 15 - integerBits;
    if (integerBits > MOST_BITS_OF_POWERS && a < -(32 << fractionBits)) {
      return 0;
    }
    int quarter = 1 << (fractionBits - 2);
    int inQuarter = (a & (quarter - 1)) - quarter;
    int result = expAboveMinusQuarter(multiplyByPowerOfTwo(inQuarter, integerBits));
    int remainder = inQuarter - a;
    for (int i = 0; i < Math.min(integerBits, MOST_BITS_OF_POWERS) + 2; i++) {
      if ((remainder & (1 << (fractionBits - 2 + i))) != 0) {
        result = doublingHighMultiply(result, constant(FixedPointFunctions.EXP_OF_POWERS[i]));
      }
    }
    return result;
  }

  /** exp(a) for a in [-1/4, 0), a Taylor polynomial of order 4 around -1/8; all in Q0. */
  private static int expAboveMinusQuarter(int a) {
    int centre = constant(FixedPointFunctions.EXP_OF_MINUS_EIGHTH);
    int x = a + (1 << 12);
    int square = doublingHighMultiply(x, x);
    int cube = doublingHighMultiply(square, x);
    int fourth = doublingHighMultiply(square, square);
    int third = constant(FixedPointFunctions.ONE_THIRD);
    int higher = doublingHighMultiply(divideByPowerOfTwo(fourth, 2) + cube, third) + square;
    int polynomial = x + divideByPowerOfTwo(higher, 1);
    return saturate(centre + (long) doublingHighMultiply(centre, polynomial));
  }

  /** 1 / (1 + a) in Q0 for a in [0, 1), Q0. */
  private static int reciprocalOfOnePlus(int a) {
    return multiplyByPowerOfTwo(reciprocalOfHalf(halfSum(a, ONE)), 1);
  }

  /** (1 - a) / (1 + a) in Q0 for a in [0, 1), Q0. */
  private static int oneMinusOverOnePlus(int a) {
    return multiplyByPowerOfTwo(reciprocalOfHalf(halfSum(a, ONE)) - ONE_OF_TWO_BITS, 2);
  }

  /** 1 / d in Q2 for d in [1/2, 1], Q0, by Newton and Raphson. */
  private static int reciprocalOfHalf(int denominator) {
    int slope = constant(FixedPointFunctions.CONSTANT_MINUS_32_OVER_17);
    int x =
        constant(FixedPointFunctions.CONSTANT_48_OVER_17)
            + doublingHighMultiply(denominator, slope);
    for (int i = 0; i < FixedPointFunctions.NEWTON_STEPS; i++) {
      int error = ONE_OF_TWO_BITS - doublingHighMultiply(denominator, x);
      x += multiplyByPowerOfTwo(doublingHighMultiply(x, error), 2);
    }
    return x;
  }

  /** A constant of 32 bits with as many integer bits, to the nearest of 16. */
  private static int constant(int ofThirtyTwoBits) {
    return divideByPowerOfTwo(ofThirtyTwoBits, 16);
  }
}
