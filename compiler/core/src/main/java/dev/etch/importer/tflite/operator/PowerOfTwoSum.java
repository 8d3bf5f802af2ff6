// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.Refusal;
import dev.etch.op.Quantization;
import dev.etch.op.requantization.FixedPointSum;
import dev.etch.op.requantization.QuantizedMultiplier;
import dev.etch.op.requantization.SumRequantization;

/**
 * ADD and SUB of 16-bit integers whose three scales are powers of two: one operand, of the result's
 * scale, stays as it is, the other is shifted. TFLite {@code Add} with {@code pot_scale}.
 */
final class PowerOfTwoSum {
  /** TFLite takes a scale for a power of two if its logarithm is so near to an integer. */
  private static final double TOLERANCE = 1e-3;

  /**
   * With one fraction bit, a multiplier of 2^30 and a shift of -k are exactly a division by 2^k.
   */
  private static final int HEADROOM = 1;

  private static final int ONE = 1 << 30;

  private PowerOfTwoSum() {}

  /** Whether TFLite takes the scale for a power of two. */
  static boolean isPowerOfTwo(Quantization tensor) {
    double log2 = logarithm(tensor);
    return Math.abs(log2 - Math.rint(log2)) < TOLERANCE;
  }

  static SumRequantization of(
      Quantization left,
      Quantization right,
      boolean subtracts,
      Quantization output,
      OutputRange range) {
    int leftShift = exponent(left) - exponent(output);
    int rightShift = exponent(right) - exponent(output);
    if (Math.max(leftShift, rightShift) != 0) {
      throw new Refusal(
          "scales that are powers of two, none of the operands' the result's own",
          "TFLite's kernel demands that the larger scale is the result's");
    }
    return new FixedPointSum(
        0,
        new QuantizedMultiplier(ONE, leftShift),
        0,
        new QuantizedMultiplier(ONE, rightShift),
        subtracts,
        HEADROOM,
        QuantizedMultiplier.ONE,
        0,
        range.low(),
        range.high());
  }

  private static int exponent(Quantization tensor) {
    return (int) Math.rint(logarithm(tensor));
  }

  private static double logarithm(Quantization tensor) {
    return Math.log(tensor.scale(0)) / Math.log(2);
  }
}
