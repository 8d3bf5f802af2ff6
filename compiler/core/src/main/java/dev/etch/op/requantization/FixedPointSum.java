// SPDX-License-Identifier: Apache-2.0
package dev.etch.op.requantization;

import java.util.Optional;

/**
 * TFLite's ADD and SUB, their reference kernel: both operands without their zero points, shifted
 * left by {@code headroom}, each times its multiplier; their sum (or difference) times the output's
 * multiplier, plus the zero point, clamped.
 *
 * @param leftZeroPoint of the left operand
 * @param left left scale / (2 * larger scale)
 * @param rightZeroPoint of the right operand
 * @param right right scale / (2 * larger scale)
 * @param subtracts whether the right operand, once scaled, is subtracted
 * @param headroom fraction bits of the operands, 20 for 8-bit and 15 for 16-bit integers
 * @param output (2 * larger scale) / (2^headroom * output scale)
 * @param zeroPoint of the output
 * @param low smallest output
 * @param high largest output
 */
public record FixedPointSum(
    int leftZeroPoint,
    QuantizedMultiplier left,
    int rightZeroPoint,
    QuantizedMultiplier right,
    boolean subtracts,
    int headroom,
    QuantizedMultiplier output,
    int zeroPoint,
    int low,
    int high)
    implements SumRequantization {
  @Override
  public int apply(int leftOperand, int rightOperand) {
    long scaledLeft = leftProduct().apply(leftOperand);
    long scaledRight = rightProduct().apply(rightOperand);
    long sum = subtracts ? scaledLeft - scaledRight : scaledLeft + scaledRight;
    return Limits.clamp((long) output.times(sum) + zeroPoint, low, high);
  }

  private Product leftProduct() {
    return new Product(leftZeroPoint, headroom, left);
  }

  private Product rightProduct() {
    return new Product(rightZeroPoint, headroom, right);
  }

  @Override
  public Optional<Parts> parts() {
    Requantization end = new FixedPoint(0, output, zeroPoint, low, high);
    return Optional.of(new Parts(leftProduct(), rightProduct(), subtracts, end));
  }

  @Override
  public double leftRatio() {
    return Math.scalb(left.real() * output.real(), headroom);
  }

  @Override
  public double rightRatio() {
    double ratio = Math.scalb(right.real() * output.real(), headroom);
    return subtracts ? -ratio : ratio;
  }

  @Override
  public FixedPointSum withLimits(int least, int most) {
    return new FixedPointSum(
        leftZeroPoint,
        left,
        rightZeroPoint,
        right,
        subtracts,
        headroom,
        output,
        zeroPoint,
        least,
        most);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.fixedPointSum(this);
  }
}
