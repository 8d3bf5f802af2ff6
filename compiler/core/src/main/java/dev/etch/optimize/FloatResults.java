// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize;

import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.PartitionedModel;
import dev.etch.graph.Value;
import dev.etch.op.AccumulatingOp;
import dev.etch.op.Dequantize;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.IntegerDense;
import dev.etch.op.Linear;
import dev.etch.op.Op;
import dev.etch.op.Quantization;
import dev.etch.op.RealQuantize;
import dev.etch.op.Reshape;
import dev.etch.op.Slice;
import dev.etch.op.Transpose;
import dev.etch.op.requantization.RealStep;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds layers whose float results ONNX Runtime sums in float32: convolutions, and matrix products
 * with a float bias. Its integer kernels take the others, and the host's arithmetic is theirs. The
 * bound on the difference is that of a sum in any order (N. J. Higham, Accuracy and Stability of
 * Numerical Algorithms, 2nd edition, section 4.2); see docs/rationale/arithmetic.md, "Float
 * results".
 */
final class FloatResults {
  /** Unit roundoff of float32. */
  private static final double ROUNDOFF = 0x1p-24;

  /**
   * Roundings beside one an addend: of both factors, their product and the bias in ONNX Runtime; of
   * the sum, the scale, their product and the bias on the host.
   */
  private static final int OTHER_ROUNDINGS = 8;

  /** Integers of up to this size are float32. */
  private static final double LARGEST_EXACT = 0x1p24;

  /** ONNX Runtime's kernels for matrix products with float results take integers of these bits. */
  private static final int KERNEL_BITS = 8;

  private static final Set<Class<? extends Op>> MOVERS =
      Set.of(Reshape.class, Slice.class, Transpose.class);

  private final PartitionedModel model;
  private final Map<Value, Node> producers;

  private FloatResults(PartitionedModel model) {
    this.model = model;
    this.producers = model.accelerator().producers();
  }

  /** The layers of {@code model} whose results can differ. */
  static List<Deviation> in(PartitionedModel model) {
    return new FloatResults(model).find();
  }

  private List<Deviation> find() {
    List<Deviation> found = new ArrayList<>();
    for (Node node : model.after().nodes()) {
      if (node.op() instanceof Dequantize dequantize) {
        Node layer = layer(node.inputs().get(0));
        if (layer != null) {
          deviation(layer, dequantize.quantization(), addends(node)).ifPresent(found::add);
        }
      }
    }
    return found;
  }

  /** The node that computed a value, in front of what only moved its elements. */
  private Node layer(Value value) {
    Node producer = producers.get(value);
    while (producer != null && MOVERS.contains(producer.op().getClass())) {
      producer = producers.get(producer.inputs().get(0));
    }
    return producer;
  }

  private Optional<Deviation> deviation(
      Node layer, Quantization scales, List<RealStep.Linear> addends) {
    if (!isFloatSum(layer, !addends.isEmpty())) {
      return Optional.empty();
    }
    IntegerTensor weights =
        (IntegerTensor) model.accelerator().constant(layer.inputs().get(1)).orElseThrow().decode();
    int channels = weights.shape().dimension(0);
    int terms = weights.data().length / channels;
    double bound = 0;
    for (int c = 0; c < channels; c++) {
      double sum = largestSum(layer, weights, c, terms);
      double addend = addends.isEmpty() ? 0 : addends.get(of(c, addends, channels)).addend();
      float scale = scales.scales().get(of(c, scales.scales(), channels));
      if (!isExact(sum, scale, addend)) {
        double size = sum * scale + Math.abs(addend);
        bound = Math.max(bound, (terms + OTHER_ROUNDINGS) * ROUNDOFF * size);
      }
    }
    return bound == 0 ? Optional.empty() : Optional.of(deviation(layer, terms, bound));
  }

  /** Which of {@code list} belongs to a channel: several channels next to each other share one. */
  private static int of(int channel, List<?> list, int channels) {
    return (int) ((long) channel * list.size() / channels);
  }

  private static Deviation deviation(Node layer, int terms, double bound) {
    return new Deviation(
        layer.location(),
        String.format(
            Locale.ROOT,
            "gives floats, which ONNX Runtime sums in float32 in an order of its own (%,d products"
                + " each); Etch's come from exact integer sums and differ by %.1e at most",
            terms,
            bound),
        layer.op() instanceof IntegerDense
            ? "quantize the result, or the bias to int32 with input scale * weight scale"
            : "quantize the result");
  }

  /** Whether ONNX Runtime has no integer kernel for this layer with a float result. */
  private boolean isFloatSum(Node layer, boolean biased) {
    if (layer.op() instanceof IntegerConv2d) {
      return true;
    }
    IntegerType data = (IntegerType) layer.inputs().get(0).type().element();
    return layer.op() instanceof IntegerDense
        && (biased || data.bits() > KERNEL_BITS || isQonnx(model.whole()));
  }

  /** QONNX runs every operator by itself. */
  private static boolean isQonnx(Graph graph) {
    return graph.nodes().stream().anyMatch(node -> node.op() instanceof RealQuantize);
  }

  /** Multiples of a power of two that are float32 themselves, and so are all sums of them. */
  private static boolean isExact(double sum, float scale, double addend) {
    double steps = addend / scale;
    return Math.scalb(1f, Math.getExponent(scale)) == scale
        && steps == Math.rint(steps)
        && sum + Math.abs(steps) <= LARGEST_EXACT;
  }

  /** Of the absolute values of all products of a channel. */
  private static double largestSum(Node layer, IntegerTensor weights, int channel, int terms) {
    IntegerType type = (IntegerType) layer.inputs().get(0).type().element();
    int zeroPoint = ((AccumulatingOp) layer.op()).inputZeroPoint();
    double largest = Math.max(type.maximum() - zeroPoint, zeroPoint - type.minimum());
    double sum = 0;
    for (int i = channel * terms; i < (channel + 1) * terms; i++) {
      sum += Math.abs(weights.data()[i]) * largest;
    }
    return sum;
  }

  /** What the host adds right behind the scale. */
  private List<RealStep.Linear> addends(Node dequantize) {
    return model.after().nodes().stream()
        .filter(node -> node.inputs().contains(dequantize.output()))
        .filter(node -> node.op() instanceof Linear)
        .map(node -> ((Linear) node.op()).channels())
        .filter(channels -> channels.stream().allMatch(c -> c.divisor() == 1 && c.factor() == 1))
        .findFirst()
        .orElse(List.of());
  }
}
