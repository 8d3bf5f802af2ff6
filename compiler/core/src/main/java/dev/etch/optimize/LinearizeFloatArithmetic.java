// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Add;
import dev.etch.op.BatchNormalization;
import dev.etch.op.Dequantize;
import dev.etch.op.Linear;
import dev.etch.op.requantization.RealStep;
import dev.etch.pass.GraphRewriter;
import dev.etch.pass.Pass;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Turns a batch normalization, and a sum with a constant per tensor or per channel, into one
 * operator with the constants inside, whose arithmetic the integer rewrite and the generated driver
 * know. Keeps every bit: the normalization is {@code x * factor + (bias - mean * factor)} as
 * before.
 */
public final class LinearizeFloatArithmetic implements Pass {
  @Override
  public String name() {
    return "linearize-float-arithmetic";
  }

  @Override
  public Graph run(Graph graph, DiagnosticCollector diagnostics) {
    Map<Value, Node> producers = graph.producers();
    return GraphRewriter.rewrite(
        graph,
        (node, rewriter) -> {
          if (node.op() instanceof BatchNormalization op) {
            return normalization(node, op, rewriter, producers);
          }
          return node.op() instanceof Add ? sum(node, rewriter) : Optional.empty();
        });
  }

  private static Optional<Value> normalization(
      Node node, BatchNormalization op, GraphRewriter rewriter, Map<Value, Node> producers) {
    List<float[]> constants = new ArrayList<>();
    for (int i = 1; i < node.inputs().size(); i++) {
      Node producer = producers.get(node.inputs().get(i));
      floats(node, i, rewriter)
          .or(() -> dequantized(producer, rewriter))
          .map(FloatTensor::data)
          .ifPresent(constants::add);
    }
    if (constants.size() < 4 || floats(node, 0, rewriter).isPresent()) {
      return Optional.empty();
    }
    List<RealStep.Linear> channels = new ArrayList<>();
    for (int c = 0; c < constants.get(0).length; c++) {
      float factor =
          BatchNormalization.factor(constants.get(0)[c], constants.get(3)[c], op.epsilon());
      float addend = constants.get(1)[c] - constants.get(2)[c] * factor;
      if (!Float.isFinite(factor) || !Float.isFinite(addend)) {
        return Optional.empty();
      }
      channels.add(new RealStep.Linear(1, factor, addend));
    }
    return Optional.of(linear(node, 0, channels, op.channelAxis(), rewriter));
  }

  private static Optional<Value> sum(Node node, GraphRewriter rewriter) {
    int constant = floats(node, 1, rewriter).isPresent() ? 1 : 0;
    Optional<FloatTensor> addends = floats(node, constant, rewriter);
    Shape shape = node.inputs().get(1 - constant).type().shape();
    if (addends.isEmpty()
        || floats(node, 1 - constant, rewriter).isPresent()
        || !shape.equals(node.output().type().shape())) {
      return Optional.empty();
    }
    List<RealStep.Linear> channels = new ArrayList<>();
    for (float addend : addends.get().data()) {
      if (!Float.isFinite(addend)) {
        return Optional.empty();
      }
      channels.add(new RealStep.Linear(1, 1, addend));
    }
    return channelAxis(addends.get().shape(), shape)
        .map(axis -> linear(node, 1 - constant, channels, axis, rewriter));
  }

  /** The axis of {@code shape} along which a broadcast constant differs; empty if there are two. */
  private static Optional<Integer> channelAxis(Shape constant, Shape shape) {
    int missing = shape.rank() - constant.rank();
    Optional<Integer> axis = Optional.of(0);
    int found = 0;
    for (int i = 0; i < constant.rank(); i++) {
      if (constant.dimension(i) != 1) {
        axis = Optional.of(i + missing);
        found++;
      }
    }
    return found > 1 ? Optional.empty() : axis;
  }

  private static Value linear(
      Node node, int operand, List<RealStep.Linear> channels, int axis, GraphRewriter rewriter) {
    boolean alike = channels.stream().distinct().count() == 1;
    Linear op = new Linear(alike ? channels.subList(0, 1) : channels, alike ? 0 : axis);
    return rewriter.addLike(node, op, List.of(rewriter.mapped(node.inputs().get(operand))));
  }

  /** What a DequantizeLinear of a constant gives; exporters quantize a normalization's too. */
  private static Optional<FloatTensor> dequantized(Node node, GraphRewriter rewriter) {
    return Optional.ofNullable(node)
        .filter(producer -> producer.op() instanceof Dequantize)
        .flatMap(producer -> rewriter.constant(rewriter.mapped(producer.inputs().get(0))))
        .map(weights -> (FloatTensor) node.op().evaluate(List.of(weights.decode())).get(0));
  }

  private static Optional<FloatTensor> floats(Node node, int index, GraphRewriter rewriter) {
    return rewriter
        .constant(rewriter.mapped(node.inputs().get(index)))
        .map(weights -> (FloatTensor) weights.decode());
  }
}
