// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.coding;

import dev.etch.compressed.SparseCode;
import dev.etch.diagnostic.CompilerBug;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.graph.WeightEntropy;
import dev.etch.op.Constant;
import dev.etch.op.Conv2d;
import dev.etch.op.Dense;
import dev.etch.op.Dequantize;
import dev.etch.op.Quantize;
import dev.etch.tensor.IntegerTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the numbers of a quantized model take in a file: weights as {@link SparseCode}, biases in as
 * many bits as the widest has, scales of weights and of activations as float32.
 *
 * @param layers convolutions and dense layers, in order
 * @param activationBytes scales and zero points of activations
 */
public record ModelSize(List<LayerSize> layers, int activationBytes) {
  /** A float32 scale, and a byte of zero point. */
  private static final int QUANTIZATION_BYTES = 5;

  public ModelSize {
    layers = List.copyOf(layers);
  }

  /** The size of a model whose layers read the results of Dequantize, as QDQ models do. */
  public static ModelSize of(Graph graph) {
    List<LayerSize> layers = new ArrayList<>();
    int activations = 0;
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Conv2d || node.op() instanceof Dense) {
        layers.add(layer(node, graph));
      }
      activations += node.op() instanceof Quantize ? QUANTIZATION_BYTES : 0;
    }
    return new ModelSize(layers, activations);
  }

  private static LayerSize layer(Node node, Graph graph) {
    Node weights = dequantize(node, 1, graph).orElseThrow(() -> new CompilerBug("float weights"));
    int other = Float.BYTES * ((Dequantize) weights.op()).quantization().scales().size();
    other += dequantize(node, 2, graph).map(bias -> biasBytes(integers(bias, graph))).orElse(0);
    WeightEntropy entropy = WeightEntropy.of(node, graph.producers());
    return LayerSize.of(node.name(), integers(weights, graph), entropy, other);
  }

  private static Optional<Node> dequantize(Node node, int operand, Graph graph) {
    return node.inputs().size() <= operand
        ? Optional.empty()
        : graph.producer(node.inputs().get(operand)).filter(n -> n.op() instanceof Dequantize);
  }

  private static int[] integers(Node dequantize, Graph graph) {
    Value value = dequantize.inputs().get(0);
    Constant constant = (Constant) graph.producer(value).orElseThrow().op();
    return ((IntegerTensor) constant.weights().decode()).data();
  }

  /** A byte says how many bits each has. */
  private static int biasBytes(int[] biases) {
    int width = 1;
    for (int bias : biases) {
      width = Math.max(width, 33 - Integer.numberOfLeadingZeros(bias < 0 ? ~bias : bias));
    }
    return 1 + (int) (((long) width * biases.length + 7) / 8);
  }

  /** Everything. */
  public long bytes() {
    return activationBytes + layers.stream().mapToLong(LayerSize::bytes).sum();
  }

  /** Weights of all layers. */
  public long weights() {
    return layers.stream().mapToLong(LayerSize::weights).sum();
  }

  /** Weights that are not zero. */
  public long kept() {
    return layers.stream().mapToLong(LayerSize::kept).sum();
  }
}
