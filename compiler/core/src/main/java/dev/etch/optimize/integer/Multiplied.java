// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.IntegerMultiply;
import dev.etch.op.Requantize;
import dev.etch.op.requantization.ExactAccumulation;
import dev.etch.op.requantization.FloatAccumulation;
import dev.etch.op.requantization.MovedProduct;
import dev.etch.op.requantization.Requantization;
import dev.etch.op.requantization.ScaleThenShift;
import dev.etch.op.requantization.Steps;
import dev.etch.optimize.integer.ProductCorrections.Correction;
import dev.etch.tensor.IntegerType;
import java.util.List;
import java.util.Optional;

/**
 * The product of two quantized tensors, each with one scale.
 *
 * @param node of the original graph
 * @param left of at most 16 bits
 * @param right likewise
 */
record Multiplied(Node node, Dequantized left, Dequantized right) implements FloatForm {
  /** Operands of 8 bits, and constants of one more. */
  private static final int MOST_PAIR_BITS = 18;

  @Override
  public Optional<Value> quantize(Rewrite rewrite, Target target) {
    if (isWide()) {
      return Optional.of(
          requantized(rewrite, target.node(), exact(target), target.quantization().type()));
    }
    return Optional.of(
        target.isInFloat()
            ? inFloat(rewrite, target)
            : requantized(rewrite, target.node(), kernel(target), target.quantization().type()));
  }

  /** Whether there are too many pairs of operands to look at each. */
  private boolean isWide() {
    return left.quantization().type().bits() + right.quantization().type().bits() > MOST_PAIR_BITS;
  }

  /** ONNX Runtime has no integer kernel for operands of more than 8 bits. */
  private Requantization exact(Target target) {
    FloatAccumulation product =
        new FloatAccumulation(
            left.quantization().scale(0),
            right.quantization().scale(0),
            0,
            1,
            target.scale(),
            target.zeroPoint(),
            target.low(),
            target.high());
    return ExactAccumulation.of(List.of(product)).get(0);
  }

  /** What no staircase gives is corrected, or, if that is too much, counted. */
  private Value inFloat(Rewrite rewrite, Target target) {
    FloatProducts products = FloatProducts.of(left, right, target);
    Steps staircase = products.staircase();
    List<Correction> unequal = products.corrections(staircase);
    Optional<ProductCorrections> corrections = ProductCorrections.of(unequal);
    Steps counted =
        new Steps(
            staircase.ratio(),
            staircase.low(),
            staircase.edges(),
            corrections.isPresent() ? 0 : unequal.size());
    Value result = requantized(rewrite, target.node(), counted, target.quantization().type());
    return corrections
        .filter(c -> !unequal.isEmpty())
        .map(c -> c.corrected(rewrite, target.node(), left, right, result))
        .orElse(result);
  }

  private Requantization kernel(Target target) {
    int move = target.move(target.quantization().type());
    ScaleThenShift product =
        new ScaleThenShift(
            scale() / target.scale(),
            target.zeroPoint() + move,
            target.low() + move,
            target.high() + move);
    return move == 0 ? product : new MovedProduct(product, move);
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
