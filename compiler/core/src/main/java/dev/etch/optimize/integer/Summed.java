// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.SumRequantization.FloatSum;
import dev.etch.op.SumRequantization.RealSum;
import java.util.Optional;

/** The sum of two quantized tensors, each with one scale. */
record Summed(Dequantized left, Dequantized right) implements FloatForm {
  @Override
  public Optional<Value> quantize(Rewrite rewrite, Target target) {
    FloatSum sum =
        new FloatSum(
            left.quantization().scale(0),
            left.quantization().zeroPoint(0),
            right.quantization().scale(0),
            right.quantization().zeroPoint(0),
            target.scale(),
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
