// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Constant;
import dev.etch.op.ConstantAxes;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.IntegerMultiply;
import dev.etch.op.Layout;
import dev.etch.op.Op;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.Requantize;
import dev.etch.op.Reshape;
import dev.etch.op.Window;
import dev.etch.op.requantization.Requantization;
import dev.etch.op.requantization.RoundedQuotient;
import dev.etch.pass.GraphRewriter;
import dev.etch.pass.Pass;
import dev.etch.tensor.DenseWeights;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A constant operand of a sum or product that did not become a table, since the other operand has
 * more than 8 bits, becomes a stream: hardware reads it from a layer behind the other operand,
 * whose weights are zeros and whose biases are the constant.
 */
public final class StreamConstantOperands implements Pass {
  private static final int MOST_PLACES = 1 << 16;

  @Override
  public String name() {
    return "stream-constant-operands";
  }

  @Override
  public Graph run(Graph graph, DiagnosticCollector diagnostics) {
    return GraphRewriter.rewrite(
        graph,
        (node, rewriter) ->
            node.op() instanceof QuantizedAdd || node.op() instanceof IntegerMultiply
                ? replace(node, graph, rewriter)
                : Optional.empty());
  }

  private static Optional<Value> replace(Node node, Graph graph, GraphRewriter rewriter) {
    for (int constant = 0; constant < 2; constant++) {
      Optional<IntegerTensor> data = integers(graph, node.inputs().get(constant));
      Value other = node.inputs().get(1 - constant);
      if (data.isPresent()
          && integers(graph, other).isEmpty()
          && other.type().shape().equals(node.output().type().shape())) {
        ConstantAxes axes = ConstantAxes.of(data.get().shape(), other.type().shape());
        if (axes.places() <= MOST_PLACES) {
          List<Value> operands = new ArrayList<>();
          node.inputs().forEach(value -> operands.add(rewriter.mapped(value)));
          operands.set(
              constant, stream(node, data.get(), axes, operands.get(1 - constant), rewriter));
          return Optional.of(rewriter.addLike(node, node.op(), operands));
        }
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

  private static Value stream(
      Node node, IntegerTensor constant, ConstantAxes axes, Value other, GraphRewriter rewriter) {
    List<Integer> merged = axes.merged();
    boolean isLast = merged.get(2) == 1;
    int repeated = isLast ? 1 : merged.get(0);
    int channels = merged.get(1) * repeated;
    int places = isLast ? merged.get(0) : merged.get(2);
    Layout layout = isLast ? Layout.NHWC : Layout.NCHW;
    int[] once = axes.values(constant);
    int[] biases = new int[channels];
    for (int c = 0; c < channels; c++) {
      biases[c] = once[c % once.length];
    }
    Shape shape = other.type().shape();
    Value maps =
        add(
            node,
            "maps",
            new Reshape(layout.shape(1, channels, 1, places).dimensions()),
            rewriter,
            other);
    IntegerType narrow = new IntegerType(2, true);
    Shape weights = Shape.of(channels, 1, 1, 1);
    Value sums =
        add(
            node,
            "constant",
            new IntegerConv2d(Window.of(1, 1), layout, channels, 0),
            rewriter,
            maps,
            constant(node, "zeros", IntegerTensor.of(narrow, weights, new int[channels]), rewriter),
            constant(
                node,
                "values",
                IntegerTensor.of(IntegerType.INT32, Shape.of(channels), biases),
                rewriter));
    IntegerType type = (IntegerType) constant.type().element();
    Requantization same = new RoundedQuotient(1, (int) type.minimum(), (int) type.maximum());
    Value stream = add(node, "stream", new Requantize(List.of(same), 0, type), rewriter, sums);
    return add(node, "operand", new Reshape(shape.dimensions()), rewriter, stream);
  }

  private static Value constant(
      Node node, String what, IntegerTensor tensor, GraphRewriter rewriter) {
    return add(node, what, new Constant(new DenseWeights(tensor)), rewriter);
  }

  private static Value add(
      Node node, String what, Op op, GraphRewriter rewriter, Value... operands) {
    String name = node.name() + "/" + what;
    return rewriter.add(name, name, op, node.location(), List.of(operands));
  }
}
