// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.ConstantAxes;
import dev.etch.op.IntegerMultiply;
import dev.etch.op.Lookup;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.Requantize;
import dev.etch.op.Reshape;
import dev.etch.pass.GraphRewriter;
import dev.etch.pass.Pass;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;

/**
 * A sum or a requantized product with a constant is a function of the other operand: a table, one
 * for each place along the axes on which the constant differs. Only for operands of at most 8 bits.
 */
public final class TabulateConstantOperands implements Pass {
  private static final int MOST_BITS = 8;
  private static final int MOST_TABLES = 1 << 14;

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
      ConstantAxes axes = ConstantAxes.of(data.get().shape(), other.type().shape());
      if (axes.places() > MOST_TABLES) {
        continue;
      }
      IntegerType result = (IntegerType) last.output().type().element();
      Lookup table =
          table(
              axes,
              data.get(),
              (IntegerType) other.type().element(),
              result,
              (x, c) -> left ? function.applyAsInt(c, x) : function.applyAsInt(x, c));
      return Optional.of(apply(table, axes, rewriter.mapped(other), last, rewriter));
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

  /** A table for each value of the constant. */
  private static Lookup table(
      ConstantAxes axes,
      IntegerTensor constant,
      IntegerType operand,
      IntegerType result,
      IntBinaryOperator function) {
    List<IntUnaryOperator> functions = new ArrayList<>();
    for (int c : axes.values(constant)) {
      functions.add(x -> function.applyAsInt(x, c));
    }
    return Lookup.perChannel(operand, result, functions, axes.isOneAxis() ? axes.first() : 1);
  }

  private static Value apply(
      Lookup table, ConstantAxes axes, Value operand, Node last, GraphRewriter rewriter) {
    if (axes.isOneAxis()) {
      return rewriter.addLike(last, table, List.of(operand));
    }
    Value merged = rewriter.addLike(last, new Reshape(axes.merged()), List.of(operand));
    Value mapped = rewriter.addLike(last, table, List.of(merged));
    List<Integer> shape = last.output().type().shape().dimensions();
    return rewriter.addLike(last, new Reshape(shape), List.of(mapped));
  }
}
