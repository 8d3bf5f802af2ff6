// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

/**
 * Float32 softmax as ONNX Runtime's AVX-512 kernels round it (MLAS {@code
 * MlasComputeSumExpF32KernelAvx512F}), so that results are equal bit by bit. Its AVX2 kernels agree
 * for up to 16 elements; for more they sum in another order.
 */
final class SoftmaxArithmetic {
  private static final int LANES = 16;
  private static final float SMALLEST_EXPONENT = -103.9720840454f;
  private static final float ROUNDING_BIAS = 12582912f;
  private static final float RECIPROCAL_LOG2 = 1.44269504088896341f;
  private static final float LOG2_HIGH = -6.93145752e-1f;
  private static final float LOG2_LOW = -1.42860677e-6f;
  private static final float[] POLYNOMIAL = {
    0x1.694000p-10f, 0x1.125edcp-7f, 0x1.555b5ap-5f, 0x1.555450p-3f, 0x1.fffff6p-2f, 1f, 1f
  };

  private SoftmaxArithmetic() {}

  /** {@code exp(x)} for x of at most 0: range reduction by powers of 2, then a polynomial. */
  static float exp(float x) {
    float reduced = Math.max(SMALLEST_EXPONENT, x);
    float power = Math.fma(reduced, RECIPROCAL_LOG2, ROUNDING_BIAS) - ROUNDING_BIAS;
    reduced = Math.fma(power, LOG2_HIGH, reduced);
    reduced = Math.fma(power, LOG2_LOW, reduced);
    float value = POLYNOMIAL[0];
    for (int i = 1; i < POLYNOMIAL.length; i++) {
      value = Math.fma(value, reduced, POLYNOMIAL[i]);
    }
    return Math.scalb(value, (int) power);
  }

  /**
   * Normalizes the {@code extent} elements of x from {@code first}, {@code stride} apart, into y.
   */
  static void normalize(float[] x, float[] y, int first, int stride, int extent) {
    float largest = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < extent; i++) {
      largest = Math.max(largest, x[first + i * stride]);
    }
    float[] sums = new float[LANES];
    for (int i = 0; i < extent; i++) {
      int at = first + i * stride;
      y[at] = exp(x[at] - largest);
      sums[i % LANES] += y[at];
    }
    float scale = 1 / total(sums);
    for (int i = 0; i < extent; i++) {
      y[first + i * stride] *= scale;
    }
  }

  /** As {@link #normalize}, with the logarithms of the results. */
  static void logarithm(float[] x, float[] y, int first, int stride, int extent) {
    float largest = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < extent; i++) {
      largest = Math.max(largest, x[first + i * stride]);
    }
    float[] sums = new float[LANES];
    for (int i = 0; i < extent; i++) {
      sums[i % LANES] += exp(x[first + i * stride] - largest);
    }
    float logarithm = FloatLogarithm.of(total(sums));
    for (int i = 0; i < extent; i++) {
      y[first + i * stride] = x[first + i * stride] - largest - logarithm;
    }
  }

  /** The lanes' sum in the kernel's order: halves, then neighbours twice, then the two quarters. */
  private static float total(float[] lanes) {
    float[] half = new float[LANES / 2];
    for (int i = 0; i < half.length; i++) {
      half[i] = lanes[i + half.length] + lanes[i];
    }
    float low = (half[0] + half[1]) + (half[2] + half[3]);
    float high = (half[4] + half[5]) + (half[6] + half[7]);
    return low + high;
  }
}
