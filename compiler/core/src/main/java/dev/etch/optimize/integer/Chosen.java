// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Concat;
import dev.etch.op.Extremum;
import dev.etch.op.Op;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * The larger or the smaller of two forms, which are quantized before they are compared.
 *
 * @param node of the original graph, an Extremum
 */
record Chosen(Node node, FloatForm left, FloatForm right) implements FloatForm {
  @Override
  public Optional<Value> quantize(Rewrite rewrite, Target target) {
    return chosen(rewrite, left.quantize(rewrite, target), right.quantize(rewrite, target));
  }

  @Override
  public Optional<Value> quantize(Rewrite rewrite, RealTarget target) {
    return target.isAscending()
        ? chosen(rewrite, left.quantize(rewrite, target), right.quantize(rewrite, target))
        : Optional.empty();
  }

  private Optional<Value> chosen(Rewrite rewrite, Optional<Value> a, Optional<Value> b) {
    return a.isPresent() && b.isPresent()
        ? Optional.of(of(rewrite, a.get(), b.get()))
        : Optional.empty();
  }

  /** The choice of integers. */
  Value of(Rewrite rewrite, Value a, Value b) {
    Extremum op = (Extremum) node.op();
    Shape shape = node.output().type().shape();
    IntegerType type = (IntegerType) a.type().element();
    Value first = chain(rewrite, a, op.ofOperand(type, shape));
    Value second = chain(rewrite, b, op.ofOperand(type, shape));
    return chain(
        rewrite, rewrite.emit(node, new Concat(1), first, second), op.ofPairs(type, shape));
  }

  private Value chain(Rewrite rewrite, Value from, List<Op> operators) {
    Value value = from;
    for (Op operator : operators) {
      value = rewrite.emit(node, operator, value);
    }
    return value;
  }

  @Override
  public Value materialize(Rewrite rewrite, Node at) {
    return rewrite.emitFloat(at);
  }
}
