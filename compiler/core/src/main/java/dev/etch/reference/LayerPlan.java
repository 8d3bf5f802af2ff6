// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.IntegerDense;
import dev.etch.op.IntegerSumPool2d;
import dev.etch.op.MaxPool2d;
import dev.etch.op.Op;
import dev.etch.op.Quantize;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.Requantize;
import dev.etch.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Chooses how each node of a graph runs when only the graph's outputs are asked for: an accumulator
 * together with the requantization that is its only reader, and feature maps as planes.
 */
final class LayerPlan {
  private final Graph graph;
  private final Map<Value, Tensor> constants;
  private final Map<Value, Node> onlyReaders;
  private final Optional<Vectors> vectors;

  /** Makes a layer for a node alone, if its conditions hold. */
  private interface Single {
    Optional<Layer> make(Node node, Optional<Vectors> vectors);
  }

  private static final Map<Class<? extends Op>, Single> SINGLE =
      Map.of(
          QuantizedAdd.class,
          (node, vectors) -> SumLayer.make(node, vectors).or(() -> SumTableLayer.make(node)),
          Quantize.class,
          QuantizeLayer::make,
          MaxPool2d.class,
          (node, vectors) -> PoolLayer.ofMaximum(node),
          IntegerSumPool2d.class,
          (node, vectors) -> PoolLayer.ofSum(node));

  LayerPlan(Graph graph, Map<Value, Tensor> constants, Optional<Vectors> vectors) {
    this.vectors = vectors;
    this.graph = graph;
    this.constants = constants;
    this.onlyReaders = onlyReaders(graph);
  }

  private static Map<Value, Node> onlyReaders(Graph graph) {
    Map<Value, Node> readers = new HashMap<>();
    Map<Value, Integer> reads = new HashMap<>();
    for (Node node : graph.nodes()) {
      for (Value operand : node.inputs()) {
        readers.put(operand, node);
        reads.merge(operand, 1, Integer::sum);
      }
    }
    readers.keySet().removeIf(value -> reads.get(value) > 1);
    graph.outputs().forEach(readers::remove);
    return readers;
  }

  /** The requantization that {@code node} can be fused with. */
  private Optional<Node> requantization(Node node) {
    return Optional.ofNullable(onlyReaders.get(node.outputs().get(0)))
        .filter(reader -> reader.op() instanceof Requantize);
  }

  /** A node's layer, and the last of the nodes that it computes. */
  record Choice(Layer layer, Node last) {}

  /** The layer that begins with {@code node}. */
  Choice of(Node node) {
    Kernels.Site site = new Kernels.Site(node, constants);
    Optional<Choice> fused =
        requantization(node)
            .flatMap(end -> fused(node.op(), site, end).map(layer -> new Choice(layer, end)));
    return fused.orElseGet(
        () ->
            new Choice(single(node).orElseGet(() -> Layer.of(Kernels.of(node, constants))), node));
  }

  private Optional<Layer> fused(Op op, Kernels.Site site, Node requantize) {
    if (op instanceof IntegerConv2d convolution) {
      return ConvolutionLayer.make(convolution, site, requantize, vectors);
    }
    return op instanceof IntegerDense dense
        ? DenseLayer.make(dense, site, requantize)
        : Optional.empty();
  }

  private Optional<Layer> single(Node node) {
    return Optional.ofNullable(SINGLE.get(node.op().getClass()))
        .flatMap(maker -> maker.make(node, vectors));
  }
}
