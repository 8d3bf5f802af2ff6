// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.TableSoftmax;
import java.util.Optional;

/**
 * Softmax of 8-bit integers.
 *
 * @param node of the original graph
 * @param operand with one scale
 * @param axis along which probabilities add up to 1
 */
record Normalized(Node node, Dequantized operand, int axis) implements FloatForm {
  @Override
  public Optional<Value> quantize(Rewrite rewrite, Target target) {
    if (!target.quantization().type().equals(operand.quantization().type()) || target.isClamped()) {
      return Optional.empty();
    }
    TableSoftmax softmax =
        new TableSoftmax(
            axis,
            operand.quantization().scale(0),
            target.scale(),
            target.zeroPoint(),
            target.quantization().type());
    return Optional.of(rewrite.emit(target.node(), softmax, operand.integers()));
  }

  /** Float arithmetic between the softmax and a quantizer stays float. */
  @Override
  public Optional<Value> quantize(Rewrite rewrite, RealTarget target) {
    return Optional.empty();
  }

  @Override
  public Value materialize(Rewrite rewrite, Node at) {
    return rewrite.emitFloat(at);
  }
}
