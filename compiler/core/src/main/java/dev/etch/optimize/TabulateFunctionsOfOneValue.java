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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;

/**
 * A sum or a requantized product of two functions of one narrow value is itself a function of it: a
 * table. Before: x times a Lookup of x, as SiLU is quantized; after: one Lookup of x.
 */
public final class TabulateFunctionsOfOneValue implements Pass {
  private static final int MOST_BITS = 8;

  /** A value as a function of another one. */
  private record Function(Value of, IntUnaryOperator function) {}

  @Override
  public String name() {
    return "tabulate-functions-of-one-value";
  }

  @Override
  public Graph run(Graph graph, DiagnosticCollector diagnostics) {
    Map<Value, Node> producers = graph.producers();
    return GraphRewriter.rewrite(graph, (node, rewriter) -> replace(node, producers, rewriter));
  }

  private static Optional<Value> replace(
      Node node, Map<Value, Node> producers, GraphRewriter rewriter) {
    if (node.op() instanceof QuantizedAdd add) {
      return tabulate(node, node, producers, rewriter, add.sum()::apply);
    }
    if (node.op() instanceof Requantize requantize
        && requantize.channels().size() == 1
        && producers.get(node.inputs().get(0)) != null
        && producers.get(node.inputs().get(0)).op() instanceof IntegerMultiply multiply) {
      return tabulate(
          producers.get(node.inputs().get(0)),
          node,
          producers,
          rewriter,
          (left, right) ->
              requantize
                  .channels()
                  .get(0)
                  .apply(
                      (left - (long) multiply.leftZeroPoint())
                          * (right - (long) multiply.rightZeroPoint())));
    }
    return Optional.empty();
  }

  /** {@code binary} has the two operands, {@code last} the result that the table makes. */
  private static Optional<Value> tabulate(
      Node binary,
      Node last,
      Map<Value, Node> producers,
      GraphRewriter rewriter,
      IntBinaryOperator operator) {
    Function left = function(binary.inputs().get(0), producers);
    Function right = function(binary.inputs().get(1), producers);
    IntegerType operand = (IntegerType) left.of().type().element();
    if (!left.of().equals(right.of()) || operand.bits() > MOST_BITS) {
      return Optional.empty();
    }
    Lookup table =
        Lookup.of(
            operand,
            (IntegerType) last.output().type().element(),
            x ->
                operator.applyAsInt(left.function().applyAsInt(x), right.function().applyAsInt(x)));
    return Optional.of(rewriter.addLike(last, table, List.of(rewriter.mapped(left.of()))));
  }

  /** What is looked up in one table for the tensor is a function of that; else of itself. */
  private static Function function(Value value, Map<Value, Node> producers) {
    Node producer = producers.get(value);
    if (producer != null
        && producer.op() instanceof Lookup lookup
        && lookup.tables().shape().dimension(0) == 1) {
      Value operand = producer.inputs().get(0);
      int low = (int) ((IntegerType) operand.type().element()).minimum();
      int[] table = ((IntegerTensor) lookup.tables()).data();
      return new Function(operand, x -> table[x - low]);
    }
    return new Function(value, x -> x);
  }
}
