// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.SumRequantization;
import dev.etch.op.SumRequantization.FloatSum;
import dev.etch.op.SumRequantization.MovedSum;
import dev.etch.op.SumRequantization.RealSum;
import java.util.Optional;

/** The sum of two quantized tensors, each with one scale. */
record Summed(Dequantized left, Dequantized right) implements FloatForm {
  @Override
  public Optional<Value> quantize(Rewrite rewrite, Target target) {
    if (target.isInFloat()) {
      return quantize(rewrite, RealTarget.of(target));
    }
    return Optional.of(
        rewrite.emit(
            target.node(),
            new QuantizedAdd(kernel(target), target.quantization().type()),
            left.integers(),
            right.integers()));
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

  @Override
  public Value materialize(Rewrite rewrite, Node node) {
    return rewrite.emitFloat(node);
  }
}
