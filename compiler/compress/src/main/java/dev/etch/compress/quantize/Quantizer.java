// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.quantize;

import dev.etch.compress.network.Network;
import dev.etch.compress.network.WeightedLayer;
import dev.etch.compress.training.Model;
import dev.etch.compress.training.Restrictions;
import dev.etch.diagnostic.Location;
import dev.etch.graph.Graph;
import dev.etch.graph.GraphBuilder;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Clip;
import dev.etch.op.Constant;
import dev.etch.op.Dequantize;
import dev.etch.op.FloatOp;
import dev.etch.op.Op;
import dev.etch.op.Quantization;
import dev.etch.op.Quantize;
import dev.etch.op.Relu;
import dev.etch.op.Softmax;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.TensorType;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A float network as a graph in which weights are integers and every computed value goes through
 * Quantize and Dequantize, as the importer reads QDQ models of ONNX: the passes that make such a
 * model an integer graph make one of this, too.
 *
 * <p>Activations are quantized behind what computes them, or behind the ReLU or clip that alone
 * reads it; operators that only move elements keep the quantization of what they move. A softmax at
 * the end stays float, on the host.
 */
public final class Quantizer {
  private final Network network;
  private final Restrictions restrictions;
  private final Map<Value, ActivationRange> ranges;
  private final QuantizationPlan plan;
  private final GraphBuilder builder;
  private final Map<Value, Value> floats = new HashMap<>();
  private final Map<Value, Quantization> quantizations = new HashMap<>();

  private Quantizer(Model model, Map<Value, ActivationRange> ranges, QuantizationPlan plan) {
    this.network = model.network();
    this.restrictions = model.restrictions();
    this.ranges = ranges;
    this.plan = plan;
    this.builder = new GraphBuilder(network.graph().name());
  }

  /**
   * The quantized graph. Weights that are {@link IntegerWeights} keep their integers.
   *
   * @param ranges of the network's values, from {@link Calibration}
   * @param bytes how a network's input follows from bytes, if it does: then the graph takes bytes;
   *     else it takes floats and quantizes them
   */
  public static Graph quantize(
      Model model,
      Map<Value, ActivationRange> ranges,
      QuantizationPlan plan,
      Optional<Quantization> bytes) {
    return new Quantizer(model, ranges, plan).run(bytes);
  }

  private Graph run(Optional<Quantization> bytes) {
    input(bytes);
    Map<Value, List<Node>> readers = network.graph().consumers();
    for (Node node : network.graph().nodes()) {
      if (!(node.op() instanceof Constant)) {
        node(node, readers.getOrDefault(node.output(), List.of()));
      }
    }
    builder.output(floats.get(network.graph().outputs().get(0)));
    return builder.build();
  }

  private void input(Optional<Quantization> bytes) {
    Value input = network.input();
    if (bytes.isPresent()) {
      Quantization quantization = bytes.get();
      Value integers =
          builder.input(input.name(), new TensorType(quantization.type(), input.type().shape()));
      dequantize(input, integers, quantization);
    } else {
      floats.put(input, builder.input(input.name(), input.type()));
      quantize(input, input.name());
    }
  }

  private void node(Node node, List<Node> readers) {
    Optional<WeightedLayer> layer =
        network.layers().stream().filter(l -> l.node().equals(node)).findFirst();
    Value[] operands =
        layer
            .map(this::operands)
            .orElseGet(() -> node.inputs().stream().map(this::operand).toArray(Value[]::new));
    Value result =
        builder.add(node.name(), node.output().name(), node.op(), node.location(), operands);
    floats.put(node.output(), result);
    if (isComputed(node.op()) && !isActivatedAlone(readers)) {
      quantize(node.output(), node.name());
    } else if (!isComputed(node.op())) {
      quantizations.put(node.output(), quantizations.get(node.inputs().get(0)));
    }
  }

  /** What gives other numbers than it reads, but for the softmax. */
  private static boolean isComputed(Op op) {
    return op instanceof FloatOp && !(op instanceof Softmax);
  }

  private static boolean isActivatedAlone(List<Node> readers) {
    return readers.size() == 1
        && (readers.get(0).op() instanceof Relu || readers.get(0).op() instanceof Clip);
  }

  /** A constant that is no weight of a layer stays as it is. */
  private Value operand(Value value) {
    return floats.computeIfAbsent(
        value,
        v ->
            builder.constant(
                v.name(),
                network.graph().constant(v).orElseThrow(),
                network.graph().producer(v).orElseThrow().location()));
  }

  private void quantize(Value value, String name) {
    ActivationRange range = ranges.get(value);
    Quantization quantization =
        value.equals(network.scores()) ? plan.ofScores(range) : plan.ofActivations(range);
    Value integers =
        builder.add(
            name + ".quantize",
            value.name() + ".integers",
            new Quantize(quantization),
            location(value),
            floats.get(value));
    dequantize(value, integers, quantization);
  }

  private void dequantize(Value value, Value integers, Quantization quantization) {
    Value real =
        builder.add(
            value.name() + ".dequantize",
            value.name() + ".real",
            new Dequantize(quantization),
            location(value),
            integers);
    floats.put(value, real);
    quantizations.put(value, quantization);
  }

  private Location location(Value value) {
    return network
        .graph()
        .producer(value)
        .map(Node::location)
        .orElse(Location.file(network.graph().name()));
  }

  private Value[] operands(WeightedLayer layer) {
    List<Value> inputs = layer.node().inputs();
    Value[] operands = new Value[inputs.size()];
    operands[0] = operand(inputs.get(0));
    float[] weights = floats(inputs.get(1));
    Quantization chosen =
        restrictions
            .find(layer.weights(), IntegerWeights.class)
            .map(integers -> integers.quantization(weights))
            .orElseGet(() -> plan.ofWeights(layer, weights));
    Quantization quantization =
        layer.bias().isPresent()
            ? BiasRoom.of(chosen, floats(inputs.get(2)), inputScale(layer))
            : chosen;
    operands[1] = constant(layer.weights(), layer, weights, layer.shape(), quantization);
    for (int i = 2; i < operands.length; i++) {
      operands[i] = layer.bias().isPresent() ? bias(layer, quantization) : operand(inputs.get(i));
    }
    return operands;
  }

  private Value bias(WeightedLayer layer, Quantization weights) {
    float[] bias = floats(layer.node().inputs().get(2));
    float input = inputScale(layer);
    List<Float> scales = weights.scales().stream().map(scale -> scale * input).toList();
    Quantization quantization =
        new Quantization(IntegerType.INT32, scales, Collections.nCopies(scales.size(), 0), 0);
    return constant(layer.bias().orElseThrow(), layer, bias, Shape.of(bias.length), quantization);
  }

  private float inputScale(WeightedLayer layer) {
    return quantizations.get(layer.node().inputs().get(0)).scale(0);
  }

  private float[] floats(Value constant) {
    return ((FloatTensor) network.graph().constant(constant).orElseThrow().decode()).data();
  }

  private Value constant(
      String name, WeightedLayer layer, float[] data, Shape shape, Quantization quantization) {
    int[] integers = new int[data.length];
    int channel = data.length / quantization.scales().size();
    for (int i = 0; i < data.length; i++) {
      integers[i] = WeightScale.quantize(data[i], quantization, i / channel);
    }
    Location location = layer.node().location();
    Value stored =
        builder.constant(name, IntegerTensor.of(quantization.type(), shape, integers), location);
    return builder.add(name + ".real", new Dequantize(quantization), location, stored);
  }
}
