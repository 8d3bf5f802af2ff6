// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.exact.ChannelRange;
import dev.etch.exact.Interval;
import dev.etch.exact.RangeAnalysis;
import dev.etch.exact.Ranges;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Constant;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.IntegerDense;
import dev.etch.op.IntegerSumPool2d;
import dev.etch.op.Op;
import dev.etch.op.Requantization.FloatAccumulation;
import dev.etch.op.Requantization.Steps;
import dev.etch.op.Requantize;
import dev.etch.tensor.IntegerTensor;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where Etch's exact answer may differ from ONNX Runtime's, because the latter adds up floats in an
 * order that depends on the processor, or multiplies rounded ones. Says which layers these are and
 * bounds the difference; see docs/rationale/arithmetic.md, "Which kernel".
 */
final class UnequalSums {
  private final Map<Value, Node> producers;
  private final Ranges ranges;
  private final Map<Value, IntegerTensor> constants = new HashMap<>();

  private UnequalSums(Graph graph) {
    this.producers = graph.producers();
    this.ranges = RangeAnalysis.analyze(graph, new DiagnosticCollector());
  }

  /** The layers of an integer graph that no order-free arithmetic can equal. */
  static List<Deviation> in(Graph graph) {
    List<Node> layers = graph.nodes().stream().filter(UnequalSums::isFloat).toList();
    if (layers.isEmpty()) {
      return List.of();
    }
    UnequalSums sums = new UnequalSums(graph);
    return layers.stream().flatMap(layer -> sums.deviation(layer).stream()).toList();
  }

  private static boolean isFloat(Node node) {
    return node.op() instanceof Requantize op
        && (op.channels().get(0) instanceof FloatAccumulation
            || op.channels().get(0) instanceof Steps);
  }

  private Optional<Deviation> deviation(Node node) {
    Requantize op = (Requantize) node.op();
    return op.channels().get(0) instanceof Steps product
        ? product(node, product.unequalPairs())
        : sum(node, op);
  }

  private static Optional<Deviation> product(Node node, int pairs) {
    return pairs == 0
        ? Optional.empty()
        : Optional.of(
            new Deviation(
                node.location(),
                String.format(
                    Locale.ROOT,
                    "ONNX Runtime multiplies in float32 here, since int8 values have several"
                        + " readers; for %,d pairs of operands, next to ties, its result is one"
                        + " step from Etch's, which rounds the exact product",
                    pairs),
                "change the scale of the result slightly, or quantize activations to uint8"));
  }

  private Optional<Deviation> sum(Node node, Requantize op) {
    Node layer = producers.get(node.inputs().get(0));
    List<ChannelRange> channels = ranges.channels(layer.output());
    long doubtful = 0;
    long reached = 0;
    double steps = 0;
    for (int c = 0; c < channels.size(); c++) {
      FloatAccumulation staircase =
          (FloatAccumulation) op.channels().get(op.channels().size() == 1 ? 0 : c);
      Interval total = channels.get(c).total();
      FloatSumError error = error(layer, c, staircase);
      doubtful += error.doubtful(staircase, total);
      reached += total.high() - total.low() + 1;
      steps = Math.max(steps, error.steps(staircase));
    }
    return doubtful == 0
        ? Optional.empty()
        : Optional.of(sum(node, Math.max(1, (long) Math.ceil(steps)), doubtful, reached));
  }

  private static Deviation sum(Node node, long steps, long doubtful, long reached) {
    return new Deviation(
        node.location(),
        String.format(
            Locale.ROOT,
            "ONNX Runtime has no integer kernel for this layer and computes it in float32;"
                + " the order of its sum decides next to ties. Etch rounds the exact sum, and"
                + " differs by %s at most, at %,d of %,d sums that the layer can reach",
            steps == 1 ? "one step" : steps + " steps",
            doubtful,
            reached),
        "with uint8 activations, weights of 8 bits, and the smallest integer as zero point behind a"
            + " Relu, ONNX Runtime computes in integers, too");
  }

  private FloatSumError error(Node layer, int channel, FloatAccumulation staircase) {
    Value input = layer.inputs().get(0);
    long largest = largest(ranges.of(input), zeroPoint(layer.op()));
    if (layer.op() instanceof IntegerSumPool2d) {
      return FloatSumError.of(
          staircase, staircase.count(), largest, 1, largest * staircase.count());
    }
    IntegerTensor weights = constant(layer.inputs().get(1));
    int terms = weights.data().length / weights.shape().dimension(0);
    long sum = 0;
    long widest = 1;
    for (int i = channel * terms; i < (channel + 1) * terms; i++) {
      long weight = Math.abs((long) weights.data()[i]);
      sum += weight;
      widest = Math.max(widest, weight);
    }
    long bias =
        layer.inputs().size() > 2
            ? Math.abs((long) constant(layer.inputs().get(2)).data()[channel])
            : 0;
    return FloatSumError.of(staircase, terms + 1, largest, widest, sum * largest + bias);
  }

  private IntegerTensor constant(Value value) {
    return constants.computeIfAbsent(
        value, v -> (IntegerTensor) ((Constant) producers.get(v).op()).weights().decode());
  }

  private static long largest(Interval stored, int zeroPoint) {
    return Math.max(Math.abs(stored.low() - zeroPoint), Math.abs(stored.high() - zeroPoint));
  }

  private static int zeroPoint(Op layer) {
    if (layer instanceof IntegerConv2d conv) {
      return conv.inputZeroPoint();
    }
    return layer instanceof IntegerDense dense
        ? dense.inputZeroPoint()
        : ((IntegerSumPool2d) layer).inputZeroPoint();
  }
}
