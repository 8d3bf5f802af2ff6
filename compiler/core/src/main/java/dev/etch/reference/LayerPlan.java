// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.ArgMax;
import dev.etch.op.BatchToSpace;
import dev.etch.op.BilinearResize2d;
import dev.etch.op.Concat;
import dev.etch.op.Constant;
import dev.etch.op.Dequantize;
import dev.etch.op.FloatOp;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.IntegerDense;
import dev.etch.op.IntegerLstm;
import dev.etch.op.IntegerMultiply;
import dev.etch.op.IntegerSoftmaxOp;
import dev.etch.op.IntegerSumPool2d;
import dev.etch.op.Lookup;
import dev.etch.op.MaxPool2d;
import dev.etch.op.NearestResize2d;
import dev.etch.op.OperatorTable;
import dev.etch.op.Pad;
import dev.etch.op.Quantize;
import dev.etch.op.QuantizeTiesAway;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.RealQuantize;
import dev.etch.op.Requantize;
import dev.etch.op.Reshape;
import dev.etch.op.Slice;
import dev.etch.op.SpaceToBatch;
import dev.etch.op.Transpose;
import dev.etch.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Chooses how each node of a graph runs when only the graph's outputs are asked for: an accumulator
 * together with the requantization that is its only reader, and feature maps as planes.
 */
final class LayerPlan {
  private final Graph graph;
  private final Map<Value, Tensor> constants;
  private final Map<Value, Node> onlyReaders;
  private final Optional<Vectors> vectors;

  /** Makes the layer that begins with a node, if its conditions hold. */
  private interface Maker {
    Optional<Choice> make(LayerPlan plan, Kernels.Site site);
  }

  private static final OperatorTable<Maker> LAYERS =
      OperatorTable.<Maker>of("layers of the reference")
          .with(LayerPlan::convolution, IntegerConv2d.class)
          .with(LayerPlan::dense, IntegerDense.class)
          .with(
              alone(
                  (node, vectors) ->
                      SumLayer.make(node, vectors).or(() -> SumTableLayer.make(node))),
              QuantizedAdd.class)
          .with(alone(QuantizeLayer::make), Quantize.class)
          .with(alone((node, vectors) -> PoolLayer.ofMaximum(node)), MaxPool2d.class)
          .with(alone((node, vectors) -> PoolLayer.ofSum(node)), IntegerSumPool2d.class)
          .without(
              "its kernel is as good",
              FloatOp.class,
              IntegerSoftmaxOp.class,
              ArgMax.class,
              BatchToSpace.class,
              BilinearResize2d.class,
              Concat.class,
              Constant.class,
              Dequantize.class,
              IntegerLstm.class,
              IntegerMultiply.class,
              Lookup.class,
              NearestResize2d.class,
              Pad.class,
              QuantizeTiesAway.class,
              RealQuantize.class,
              Requantize.class,
              Reshape.class,
              Slice.class,
              SpaceToBatch.class,
              Transpose.class)
          .build();

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
    return LAYERS
        .find(node.op())
        .flatMap(maker -> maker.make(this, new Kernels.Site(node, constants)))
        .orElseGet(() -> new Choice(Layer.of(Kernels.of(node, constants)), node));
  }

  /** Makes a layer for a node alone. */
  private interface Single {
    Optional<Layer> make(Node node, Optional<Vectors> vectors);
  }

  private static Maker alone(Single single) {
    return (plan, site) ->
        single.make(site.node(), plan.vectors).map(layer -> new Choice(layer, site.node()));
  }

  private Optional<Choice> convolution(Kernels.Site site) {
    IntegerConv2d op = (IntegerConv2d) site.node().op();
    return requantized(site, end -> ConvolutionLayer.make(op, site, end, vectors));
  }

  private Optional<Choice> dense(Kernels.Site site) {
    IntegerDense op = (IntegerDense) site.node().op();
    return requantized(site, end -> DenseLayer.make(op, site, end));
  }

  private Optional<Choice> requantized(Kernels.Site site, Function<Node, Optional<Layer>> maker) {
    return requantization(site.node())
        .flatMap(end -> maker.apply(end).map(layer -> new Choice(layer, end)));
  }
}
