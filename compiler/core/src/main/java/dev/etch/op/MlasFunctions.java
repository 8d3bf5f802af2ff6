// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

/**
 * Smooth functions as MLAS, ONNX Runtime's kernel library, computes them on x86 with FMA, bit by
 * bit: the rational and polynomial approximations and the order of their roundings.
 */
final class MlasFunctions {
  private static final float LOGISTIC_RANGE = 18;
  private static final float[] LOGISTIC_NUMERATOR = {
    4.37031012579801e-11f,
    1.15627324459942e-07f,
    6.08574864600143e-05f,
    8.51377133304701e-03f,
    2.48287947061529e-01f
  };
  private static final float[] LOGISTIC_DENOMINATOR = {
    6.10247389755681e-13f,
    5.76102136993427e-09f,
    6.29106785017040e-06f,
    1.70198817374094e-03f,
    1.16817656904453e-01f,
    9.93151921023180e-01f
  };
  private static final float TANH_RANGE = 9;
  private static final float[] TANH_NUMERATOR = {
    -2.76076847742355e-16f,
    2.00018790482477e-13f,
    -8.60467152213735e-11f,
    5.12229709037114e-08f,
    1.48572235717979e-05f,
    6.37261928875436e-04f,
    4.89352455891786e-03f
  };
  private static final float[] TANH_DENOMINATOR = {
    1.19825839466702e-06f, 1.18534705686654e-04f, 2.26843463243900e-03f, 4.89352518554385e-03f
  };
  private static final float ERF_RANGE = 3.925f;
  private static final float ERF_SPLIT = 0.921875f;
  private static final float[] ERF_SMALL = {
    -5.99104969e-4f,
    4.99339588e-3f,
    -2.67667342e-2f,
    1.12818025e-1f,
    -3.76124859e-1f,
    1.28379151e-1f
  };
  private static final float[] ERF_LARGE = {
    1.72948930e-5f,
    -3.83208680e-4f,
    3.88393435e-3f,
    -2.42545605e-2f,
    1.06777847e-1f,
    6.34846687e-1f,
    1.28717512e-1f
  };

  private MlasFunctions() {}

  /** {@code 1 / (1 + exp(-x))}; MlasComputeLogistic. */
  static float logistic(float x) {
    float clamped = Math.min(Math.max(x, -LOGISTIC_RANGE), LOGISTIC_RANGE);
    float square = clamped * clamped;
    float numerator = clamped * polynomial(LOGISTIC_NUMERATOR, square);
    float logistic = numerator / polynomial(LOGISTIC_DENOMINATOR, square) + 0.5f;
    return Math.max(logistic, 0);
  }

  /** The hyperbolic tangent; MlasComputeTanh. */
  static float tanh(float x) {
    float clamped = Math.min(Math.max(x, -TANH_RANGE), TANH_RANGE);
    float square = clamped * clamped;
    float numerator = clamped * polynomial(TANH_NUMERATOR, square);
    return numerator / polynomial(TANH_DENOMINATOR, square);
  }

  /** The error function; MlasComputeErf. */
  static float erf(float x) {
    float size = Math.min(Math.abs(x), ERF_RANGE);
    float result;
    if (size > ERF_SPLIT) {
      float exponent = Math.fma(polynomial(ERF_LARGE, size), size, size);
      result = 1 - SoftmaxArithmetic.exp(-exponent);
    } else {
      result = Math.fma(polynomial(ERF_SMALL, size * size), size, size);
    }
    return Math.copySign(result, x);
  }

  /** Horner's scheme, highest power first, each step one fused multiplication and addition. */
  private static float polynomial(float[] coefficients, float x) {
    float value = coefficients[0];
    for (int i = 1; i < coefficients.length; i++) {
      value = Math.fma(value, x, coefficients[i]);
    }
    return value;
  }
}
