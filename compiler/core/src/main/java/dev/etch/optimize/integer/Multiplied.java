// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.IntegerMultiply;
import dev.etch.op.Requantization;
import dev.etch.op.Requantization.ScaleThenShift;
import dev.etch.op.Requantize;
import dev.etch.tensor.IntegerType;
import java.util.List;
import java.util.Optional;

/**
 * The product of two quantized tensors, each with one scale.
 *
 * @param node of the original graph
 * @param left of at most 8 bits, so that the exact product has 18 bits at most
 * @param right likewise
 */
record Multiplied(Node node, Dequantized left, Dequantized right) implements FloatForm {
  @Override
  public Optional<Value> quantize(Rewrite rewrite, Target target) {
    float scale = scale() / target.scale();
    Requantization staircase =
        new ScaleThenShift(scale, target.zeroPoint(), target.low(), target.high());
    return Optional.of(
        requantized(rewrite, target.node(), staircase, target.quantization().type()));
  }

  @Override
  public Optional<Value> quantize(Rewrite rewrite, RealTarget target) {
    if (!target.isPerTensor() || !target.isAscending()) {
      return Optional.empty();
    }
    Requantization staircase = target.staircase(0, false, 0, scale());
    return Optional.of(requantized(rewrite, target.node(), staircase, target.output()));
  }

  private Value requantized(
      Rewrite rewrite, Node target, Requantization staircase, IntegerType output) {
    IntegerMultiply multiply =
        new IntegerMultiply(left.quantization().zeroPoint(0), right.quantization().zeroPoint(0));
    Value products = rewrite.emit(node, multiply, left.integers(), right.integers());
    return rewrite.emit(target, new Requantize(List.of(staircase), 0, output), products);
  }

  private float scale() {
    return left.quantization().scale(0) * right.quantization().scale(0);
  }

  @Override
  public Value materialize(Rewrite rewrite, Node at) {
    return rewrite.emitFloat(at);
  }
}
