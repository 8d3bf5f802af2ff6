// SPDX-License-Identifier: Apache-2.0
package dev.etch.op.requantization;

/**
 * ONNX Runtime's QLinearAdd of int8 operands that it moved to uint8 first (its {@code
 * QDQS8ToU8Transformer}). The zero points take part in float32 arithmetic, so that this rounds some
 * pairs otherwise than the kernel for int8.
 *
 * @param sum of the moved operands, with the moved zero points and limits
 * @param left added to the left operand
 * @param right added to the right operand
 * @param output subtracted from the moved result
 */
public record MovedSum(FloatSum sum, int left, int right, int output) implements SumRequantization {
  @Override
  public int apply(int leftOperand, int rightOperand) {
    return sum.apply(leftOperand + left, rightOperand + right) - output;
  }

  @Override
  public int low() {
    return sum.low() - output;
  }

  @Override
  public int high() {
    return sum.high() - output;
  }

  @Override
  public double leftRatio() {
    return sum.leftRatio();
  }

  @Override
  public double rightRatio() {
    return sum.rightRatio();
  }

  @Override
  public MovedSum withLimits(int least, int most) {
    return new MovedSum(sum.withLimits(least + output, most + output), left, right, output);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.movedSum(this);
  }
}
