// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Other forms whose elements were moved, chosen or joined, which may as well be done after
 * quantizing them: reshaping, transposing, padding, concatenation, maximum pooling.
 *
 * @param operands the forms
 * @param operator the operator on integers of a given quantization
 * @param node of the original graph
 */
record Moved(List<FloatForm> operands, Mover operator, Node node) implements FloatForm {
  /** Makes the operator that moves integers. */
  @FunctionalInterface
  interface Mover {
    dev.etch.op.Op on(Target target);
  }

  @Override
  public Optional<Value> quantize(Rewrite rewrite, Target target) {
    List<Value> integers = new ArrayList<>();
    for (FloatForm operand : operands) {
      Optional<Value> quantized = operand.quantize(rewrite, target);
      if (quantized.isEmpty()) {
        return Optional.empty();
      }
      integers.add(quantized.get());
    }
    return Optional.of(rewrite.emit(node, operator.on(target), integers.toArray(Value[]::new)));
  }

  @Override
  public Value materialize(Rewrite rewrite, Node at) {
    return rewrite.emitFloat(at);
  }
}
