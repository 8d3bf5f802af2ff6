// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Quantization;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.requantization.ExactSum;
import dev.etch.op.requantization.FloatSum;
import dev.etch.op.requantization.MovedSum;
import dev.etch.op.requantization.RealQuantizer;
import dev.etch.op.requantization.RealSum;
import dev.etch.op.requantization.SumRequantization;
import dev.etch.tensor.IntegerType;
import java.util.List;
import java.util.Optional;

/**
 * The sum of two quantized tensors, each with one scale.
 *
 * @param node of the original graph
 */
record Summed(Node node, Dequantized left, Dequantized right) implements FloatForm {
  /** More pairs of operands than of 12 bits each are not enumerated. */
  private static final int MOST_PAIR_BITS = 24;

  private static final int MULTIPLIER_BITS = 30;
  private static final int MOST_SHIFT = 40;

  /** By how many bits 16-bit operands may be apart so that float32 holds their sum. */
  private static final int SPARE_BITS = 6;

  @Override
  public Optional<Value> quantize(Rewrite rewrite, Target target) {
    if (target.isInFloat()) {
      return isWide() ? exact(rewrite, target) : quantize(rewrite, RealTarget.of(target));
    }
    return Optional.of(
        rewrite.emit(
            target.node(),
            new QuantizedAdd(kernel(target), target.quantization().type()),
            left.integers(),
            right.integers()));
  }

  /** Whether there are too many pairs of operands to look at each. */
  private boolean isWide() {
    return left.quantization().type().bits() + right.quantization().type().bits() > MOST_PAIR_BITS;
  }

  private Optional<Value> exact(Rewrite rewrite, Target target) {
    double leftRatio = (double) left.quantization().scale(0) / target.scale();
    double rightRatio = (double) right.quantization().scale(0) / target.scale();
    int exponent = Math.getExponent(Math.max(leftRatio, rightRatio));
    int shift = Math.max(1, Math.min(MOST_SHIFT, MULTIPLIER_BITS - exponent));
    ExactSum sum =
        new ExactSum(
            Math.round(Math.scalb(leftRatio, shift)),
            left.quantization().zeroPoint(0),
            Math.round(Math.scalb(rightRatio, shift)),
            right.quantization().zeroPoint(0),
            shift,
            error(leftRatio, rightRatio),
            target.zeroPoint(),
            target.low(),
            target.high());
    return Optional.of(
        rewrite.emit(
            target.node(),
            new QuantizedAdd(sum, target.quantization().type()),
            left.integers(),
            right.integers()));
  }

  /** Float32 rounds both products, their sum and its quotient. */
  private double error(double leftRatio, double rightRatio) {
    boolean exact =
        isPowerOfTwo(leftRatio)
            && isPowerOfTwo(rightRatio)
            && Math.abs(Math.getExponent(leftRatio) - Math.getExponent(rightRatio)) <= SPARE_BITS
            && isPowerOfTwo(left.quantization().scale(0))
            && isPowerOfTwo(right.quantization().scale(0));
    double most =
        Math.scalb(leftRatio, left.quantization().type().bits())
            + Math.scalb(rightRatio, right.quantization().type().bits());
    return exact ? 0 : 3 * 0x1p-24 * most;
  }

  private static boolean isPowerOfTwo(double value) {
    return value == Math.scalb(1.0, Math.getExponent(value));
  }

  private SumRequantization kernel(Target target) {
    int leftMove = target.move(left.quantization().type());
    int rightMove = target.move(right.quantization().type());
    int move = target.move(target.quantization().type());
    FloatSum sum =
        new FloatSum(
            left.quantization().scale(0),
            left.quantization().zeroPoint(0) + leftMove,
            right.quantization().scale(0),
            right.quantization().zeroPoint(0) + rightMove,
            target.scale(),
            target.zeroPoint() + move,
            target.low() + move,
            target.high() + move);
    return move == 0 ? sum : new MovedSum(sum, leftMove, rightMove, move);
  }

  @Override
  public Optional<Value> quantize(Rewrite rewrite, RealTarget target) {
    if (!target.isPerTensor() || !target.isAscending()) {
      return Optional.empty();
    }
    RealSum sum =
        new RealSum(
            left.quantization().scale(0),
            left.quantization().zeroPoint(0),
            right.quantization().scale(0),
            right.quantization().zeroPoint(0),
            target.stepsOf(0),
            target.quantizer(0),
            target.quantizer(0).low(),
            target.quantizer(0).high());
    return Optional.of(
        rewrite.emit(
            target.node(),
            new QuantizedAdd(sum, target.output()),
            left.integers(),
            right.integers()));
  }

  /** An exact sum, if the operands' scales have a common divisor. */
  @Override
  public Optional<Dequantized> dequantized(Rewrite rewrite) {
    Quantization a = left.quantization();
    Quantization b = right.quantization();
    return CommonScale.of(List.of(a.scale(0), b.scale(0)))
        .flatMap(common -> sum(common, a, b).map(sum -> summed(rewrite, common, sum)));
  }

  private static Optional<RealSum> sum(CommonScale common, Quantization a, Quantization b) {
    return common
        .sumType(a, b)
        .map(
            type ->
                new RealSum(
                    common.factors().get(0),
                    a.zeroPoint(0),
                    common.factors().get(1),
                    b.zeroPoint(0),
                    List.of(),
                    new RealQuantizer.Linear(1, 0, (int) type.minimum(), (int) type.maximum()),
                    (int) type.minimum(),
                    (int) type.maximum()));
  }

  private Dequantized summed(Rewrite rewrite, CommonScale common, RealSum sum) {
    IntegerType type = IntegerType.holding(sum.low(), sum.high());
    Value integers =
        rewrite.emit(node, "sum", new QuantizedAdd(sum, type), left.integers(), right.integers());
    return new Dequantized(integers, Quantization.perTensor(type, common.scale(), 0));
  }

  @Override
  public Value materialize(Rewrite rewrite, Node node) {
    return rewrite.emitFloat(node);
  }
}
