// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

/** Functions of which TFLite's kernels make tables: operands and steps in float32, as there. */
final class RealFunctions {
  private static final float MINUS_SQRT_HALF = (float) -Math.sqrt(0.5);
  private static final float SQRT_TWO_OVER_PI = (float) Math.sqrt(2 / Math.PI);
  private static final float CUBIC = 0.044715f;

  /** From here on the continued fraction converges within {@link #FRACTIONS} steps. */
  private static final double SERIES_RANGE = 2;

  private static final int FRACTIONS = 80;
  private static final int TERMS = 60;

  private RealFunctions() {}

  /** {@code expm1(x)} below zero, x above. */
  static double elu(double x) {
    return x < 0 ? (float) Math.expm1(x) : x;
  }

  /** {@code x / 2 * erfc(-x / sqrt(2))}. */
  static double gelu(double x) {
    float operand = (float) x;
    return 0.5f * operand * (float) complementaryError(operand * MINUS_SQRT_HALF);
  }

  /** {@code x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3)))}. */
  static double approximateGelu(double x) {
    float operand = (float) x;
    float inner = SQRT_TWO_OVER_PI * (operand + CUBIC * operand * operand * operand);
    return 0.5f * operand * (1f + (float) Math.tanh(inner));
  }

  /** erfc, by the series of erf near zero and a continued fraction far from it. */
  private static double complementaryError(double x) {
    if (x < 0) {
      return 2 - complementaryError(-x);
    }
    return x < SERIES_RANGE ? 1 - error(x) : tail(x);
  }

  private static double error(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; n < TERMS; n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
  }

  private static double tail(double x) {
    double fraction = x;
    for (int n = FRACTIONS; n > 0; n--) {
      fraction = x + n / 2.0 / fraction;
    }
    return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction;
  }
}
