// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.IntegerMultiply;
import dev.etch.op.Lookup;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.Requantize;
import dev.etch.pass.GraphRewriter;
import dev.etch.pass.Pass;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;

/**
 * A sum or a requantized product with a constant is a function of the other operand: a table, one
 * for each channel if the constant differs along one axis. Only for operands of at most 8 bits.
 */
public final class TabulateConstantOperands implements Pass {
  private static final int MOST_BITS = 8;

  @Override
  public String name() {
    return "tabulate-constant-operands";
  }

  @Override
  public Graph run(Graph graph, DiagnosticCollector diagnostics) {
    Map<Value, Node> producers = graph.producers();
    return GraphRewriter.rewrite(
        graph, (node, rewriter) -> replace(node, graph, producers, rewriter));
  }

  private static Optional<Value> replace(
      Node node, Graph graph, Map<Value, Node> producers, GraphRewriter rewriter) {
    if (node.op() instanceof QuantizedAdd add) {
      return tabulate(node, node, graph, rewriter, (l, r) -> add.sum().apply(l, r));
    }
    if (node.op() instanceof Requantize requantize && requantize.channels().size() == 1) {
      Node product = producers.get(node.inputs().get(0));
      if (product != null && product.op() instanceof IntegerMultiply multiply) {
        return tabulate(
            product,
            node,
            graph,
            rewriter,
            (l, r) ->
                requantize
                    .channels()
                    .get(0)
                    .apply(
                        (l - (long) multiply.leftZeroPoint())
                            * (r - (long) multiply.rightZeroPoint())));
      }
    }
    return Optional.empty();
  }

  /** {@code binary} has the two operands, {@code last} the result that the table makes. */
  private static Optional<Value> tabulate(
      Node binary, Node last, Graph graph, GraphRewriter rewriter, IntBinaryOperator function) {
    for (int constant = 0; constant < 2; constant++) {
      Optional<IntegerTensor> data = integers(graph, binary.inputs().get(constant));
      Value other = binary.inputs().get(1 - constant);
      if (data.isEmpty()
          || integers(graph, other).isPresent()
          || !other.type().shape().equals(last.output().type().shape())
          || ((IntegerType) other.type().element()).bits() > MOST_BITS) {
        continue;
      }
      boolean left = constant == 0;
      Optional<Lookup> table =
          table(
              data.get(),
              other,
              (IntegerType) last.output().type().element(),
              (x, c) -> left ? function.applyAsInt(c, x) : function.applyAsInt(x, c));
      if (table.isPresent()) {
        return table.map(op -> rewriter.addLike(last, op, List.of(rewriter.mapped(other))));
      }
    }
    return Optional.empty();
  }

  private static Optional<IntegerTensor> integers(Graph graph, Value value) {
    return graph
        .constant(value)
        .map(weights -> weights.decode())
        .filter(IntegerTensor.class::isInstance)
        .map(IntegerTensor.class::cast);
  }

  /** The table, if the constant differs along one axis of the operand at most. */
  private static Optional<Lookup> table(
      IntegerTensor constant, Value operand, IntegerType result, IntBinaryOperator function) {
    Shape shape = constant.shape();
    int missing = operand.type().shape().rank() - shape.rank();
    int axis = 0;
    int axes = 0;
    for (int i = 0; i < shape.rank(); i++) {
      if (shape.dimension(i) != 1) {
        axis = missing + i;
        axes++;
      }
    }
    if (axes > 1) {
      return Optional.empty();
    }
    List<IntUnaryOperator> functions = new ArrayList<>();
    for (int c : constant.data()) {
      functions.add(x -> function.applyAsInt(x, c));
    }
    IntegerType type = (IntegerType) operand.type().element();
    return Optional.of(Lookup.perChannel(type, result, functions, axis));
  }
}
