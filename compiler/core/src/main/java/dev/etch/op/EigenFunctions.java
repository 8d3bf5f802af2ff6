// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

/**
 * Exponential and logarithm as Eigen's packet code computes them without FMA, bit by bit: ONNX
 * Runtime's Elu and Softplus. (Eigen leaves the last few elements of a tensor whose size is no
 * multiple of four to the C library, which may round the other way.)
 */
final class EigenFunctions {
  private static final float LARGEST_EXPONENT = 88.723f;
  private static final float SMALLEST_EXPONENT = -104;
  private static final float RECIPROCAL_LOG2 = 1.44269504088896341f;
  private static final float LOG2_HIGH = -0.693359375f;
  private static final float LOG2_LOW = 2.12194440e-4f;
  private static final float LOG2 = 0.693147180559945309f;
  private static final float SQRT_HALF = 0.707106781186547524f;

  private EigenFunctions() {}

  /** {@code exp(x)}: range reduction by powers of 2, then a polynomial in two halves. */
  static float exp(float x) {
    if (x < SMALLEST_EXPONENT) {
      return 0;
    }
    float clamped = Math.min(x, LARGEST_EXPONENT);
    float power = (float) Math.floor(clamped * RECIPROCAL_LOG2 + 0.5f);
    float r = power * LOG2_LOW + (power * LOG2_HIGH + clamped);
    float square = r * r;
    float even = square * 1.37449637986719608306884765625e-3f + 4.166965186595916748046875e-2f;
    even = square * even + 0.49999988079071044921875f;
    float odd = square * 8.36894474923610687255859375e-3f + 0.16666518151760101318359375f;
    float value = square * (r * odd + even) + (r + 1);
    return Math.max(Math.scalb(value, (int) power), x);
  }

  /** {@code log(1 + x)} for x of at least 0. */
  static float log1p(float x) {
    float sum = x + 1;
    float log = log(sum);
    return sum == 1 || sum == log ? x : x * (log / (sum - 1));
  }

  /** The logarithm of a finite number of at least 1: a rational approximation around 1. */
  private static float log(float x) {
    if (Float.isInfinite(x)) {
      return x;
    }
    int exponent = Math.getExponent(x) + 1;
    float mantissa = Math.scalb(x, -exponent);
    float m = mantissa - 1;
    if (mantissa < SQRT_HALF) {
      exponent--;
      m += mantissa;
    }
    float numerator =
        m * (m * (m * 0.18256296349849254f + 1.0000000190281063f) + 1.0000000190281136f);
    float denominator =
        m * (m * (m * 0.049616247954120038f + 0.59923249590823520f) + 1.4999999999999927f) + 1;
    return exponent * LOG2 + numerator / denominator;
  }
}
