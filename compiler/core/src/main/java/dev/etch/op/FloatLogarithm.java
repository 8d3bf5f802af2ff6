// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

/**
 * The natural logarithm in float32 as the C library of Linux rounds it, which is not always to
 * nearest: of x = 2^k * z, with z near 1, k * log(2) + log(c) + log(z / c) for the nearest of 16 c,
 * the last by a polynomial of degree 4. Source: ARM's optimized routines, {@code logf}.
 */
final class FloatLogarithm {
  private static final double LOGARITHM_OF_TWO = 0x1.62e42fefa39efp-1;
  private static final double SQUARE = -0x1.ffffef20a4123p-2;
  private static final double CUBE = 0x1.5575b0be00b6ap-2;
  private static final double FOURTH = -0x1.00ea348b88334p-2;

  /** Bits of the smallest z. */
  private static final int LEAST = 0x3f330000;

  private static final int EXPONENT = 0xff800000;
  private static final int SIGNIFICAND_BITS = 23;
  private static final int PART_BITS = 4;

  /** 1 / c. */
  private static final double[] INVERSES = {
    0x1.661ec79f8f3bep+0, 0x1.571ed4aaf883dp+0, 0x1.49539f0f010bp+0, 0x1.3c995b0b80385p+0,
    0x1.30d190c8864a5p+0, 0x1.25e227b0b8eap+0, 0x1.1bb4a4a1a343fp+0, 0x1.12358f08ae5bap+0,
    0x1.0953f419900a7p+0, 0x1p+0, 0x1.e608cfd9a47acp-1, 0x1.ca4b31f026aap-1,
    0x1.b2036576afce6p-1, 0x1.9c2d163a1aa2dp-1, 0x1.886e6037841edp-1, 0x1.767dcf5534862p-1
  };

  /** log(c). */
  private static final double[] LOGARITHMS = {
    -0x1.57bf7808caadep-2, -0x1.2bef0a7c06ddbp-2, -0x1.01eae7f513a67p-2, -0x1.b31d8a68224e9p-3,
    -0x1.6574f0ac07758p-3, -0x1.1aa2bc79c81p-3, -0x1.a4e76ce8c0e5ep-4, -0x1.1973c5a611cccp-4,
    -0x1.252f438e10c1ep-5, 0x0p+0, 0x1.aa5aa5df25984p-5, 0x1.c5e53aa362eb4p-4,
    0x1.526e57720db08p-3, 0x1.bc2860d22477p-3, 0x1.1058bc8a07ee1p-2, 0x1.4043057b6ee09p-2
  };

  private FloatLogarithm() {}

  /**
   * log(x).
   *
   * @param x above 0, finite and not subnormal
   */
  static float of(float x) {
    int bits = Float.floatToIntBits(x);
    int above = bits - LEAST;
    int part = above >>> (SIGNIFICAND_BITS - PART_BITS) & ((1 << PART_BITS) - 1);
    int exponent = above >> SIGNIFICAND_BITS;
    double z = Float.intBitsToFloat(bits - (above & EXPONENT));
    double r = z * INVERSES[part] - 1;
    double square = r * r;
    double higher = FOURTH * square + (CUBE * r + SQUARE);
    return (float) (higher * square + (LOGARITHMS[part] + exponent * LOGARITHM_OF_TWO + r));
  }
}
