// SPDX-License-Identifier: Apache-2.0
package dev.etch.op.requantization;

import dev.etch.diagnostic.OperatorException;

/**
 * A sum that ONNX Runtime computes in float32, of operands with so many values that its roundings
 * cannot be looked at one by one. It is scaled exactly here and rounded once, half to even: {@code
 * clamp(round(((left - leftZeroPoint) * leftMultiplier + (right - rightZeroPoint) *
 * rightMultiplier) / 2^shift) + zeroPoint)}.
 *
 * @param leftMultiplier {@code 2^shift} times left scale / output scale; at least 0
 * @param leftZeroPoint of the left operand
 * @param rightMultiplier likewise
 * @param rightZeroPoint of the right operand
 * @param shift from 1 to 40
 * @param error of ONNX Runtime's result in steps of the output, at most; 0 if there is none
 * @param zeroPoint of the output
 * @param low smallest output
 * @param high largest output
 */
public record ExactSum(
    long leftMultiplier,
    int leftZeroPoint,
    long rightMultiplier,
    int rightZeroPoint,
    int shift,
    double error,
    int zeroPoint,
    int low,
    int high)
    implements SumRequantization {
  private static final int MOST_SHIFT = 40;

  /** Of an operand with 18 bits; wider ones have narrower multipliers. */
  private static final long LARGEST_MULTIPLIER = 1L << 42;

  public ExactSum {
    if (leftMultiplier < 0
        || rightMultiplier < 0
        || Math.max(leftMultiplier, rightMultiplier) > LARGEST_MULTIPLIER
        || shift < 1
        || shift > MOST_SHIFT) {
      throw new OperatorException(
          "a sum multiplies by %d and %d with shift %d"
              .formatted(leftMultiplier, rightMultiplier, shift),
          "choose scales that are closer to each other");
    }
  }

  @Override
  public int apply(int left, int right) {
    long sum =
        ((long) left - leftZeroPoint) * leftMultiplier
            + ((long) right - rightZeroPoint) * rightMultiplier;
    return Limits.clamp(HalfEven.divideByPowerOfTwo(sum, shift) + zeroPoint, low, high);
  }

  @Override
  public double leftRatio() {
    return Math.scalb((double) leftMultiplier, -shift);
  }

  @Override
  public double rightRatio() {
    return Math.scalb((double) rightMultiplier, -shift);
  }

  @Override
  public ExactSum withLimits(int least, int most) {
    return new ExactSum(
        leftMultiplier,
        leftZeroPoint,
        rightMultiplier,
        rightZeroPoint,
        shift,
        error,
        zeroPoint,
        least,
        most);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.exactSum(this);
  }
}
