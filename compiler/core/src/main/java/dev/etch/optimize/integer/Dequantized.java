// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Dequantize;
import dev.etch.op.Quantization;
import dev.etch.op.Requantization.DequantizeThenQuantize;
import dev.etch.op.Requantize;
import java.util.List;
import java.util.Optional;

/**
 * {@code (integers - zeroPoint) * scale}.
 *
 * @param integers of the new graph
 */
record Dequantized(Value integers, Quantization quantization) implements FloatForm {
  @Override
  public Optional<Value> quantize(Rewrite rewrite, Target target) {
    if (!quantization.isPerTensor()) {
      return Optional.empty();
    }
    if (sameAs(target.quantization()) && !target.isClamped()) {
      return Optional.of(integers);
    }
    DequantizeThenQuantize staircase =
        new DequantizeThenQuantize(
            quantization.scale(0),
            quantization.zeroPoint(0),
            target.scale(),
            target.zeroPoint(),
            target.low(),
            target.high());
    return Optional.of(
        rewrite.emit(
            target.node(),
            new Requantize(List.of(staircase), 0, target.quantization().type()),
            integers));
  }

  @Override
  public Value materialize(Rewrite rewrite, Node node) {
    return rewrite.emit(node, new Dequantize(quantization), integers);
  }

  @Override
  public Optional<Dequantized> dequantized(Rewrite rewrite) {
    return Optional.of(this);
  }

  /** Whether both give the same integer to every number; an axis means nothing per tensor. */
  boolean sameAs(Quantization other) {
    return other.isPerTensor()
        && quantization.isPerTensor()
        && quantization.type().equals(other.type())
        && quantization.scale(0) == other.scale(0)
        && quantization.zeroPoint(0) == other.zeroPoint(0);
  }
}
