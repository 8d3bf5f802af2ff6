// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.BatchNormalization;
import dev.etch.op.Constant;
import dev.etch.op.Conv2d;
import dev.etch.op.ConvTranspose2d;
import dev.etch.op.Dense;
import dev.etch.op.Op;
import dev.etch.pass.GraphRewriter;
import dev.etch.pass.Pass;
import dev.etch.tensor.DenseWeights;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Multiplies a batch normalization into the float weights and bias of the convolution or dense
 * layer in front of it. Left alone if another node reads that layer too or its weights are not
 * float constants: quantized weights must be folded before they are quantized. Folding rounds
 * differently in float32, so it keeps values up to float rounding.
 */
public final class FoldBatchNormalization implements Pass {
  @Override
  public String name() {
    return "fold-batch-normalization";
  }

  @Override
  public Graph run(Graph graph, DiagnosticCollector diagnostics) {
    Map<Value, Node> producers = graph.producers();
    Map<Value, List<Node>> consumers = graph.consumers();
    return GraphRewriter.rewrite(
        graph,
        (node, rewriter) -> {
          if (!(node.op() instanceof BatchNormalization normalization)) {
            return Optional.empty();
          }
          Node layer = producers.get(node.inputs().get(0));
          boolean foldable =
              layer != null
                  && isLayer(layer.op())
                  && consumers.get(layer.output()).size() == 1
                  && !graph.outputs().contains(layer.output())
                  && constants(layer.inputs().subList(1, layer.inputs().size()), rewriter)
                  && constants(node.inputs().subList(1, 5), rewriter)
                  && normalization.channelAxis() == channelAxis(layer);
          return foldable
              ? Optional.of(fold(normalization, node, layer, rewriter))
              : Optional.empty();
        });
  }

  private static boolean isLayer(Op op) {
    return op instanceof Conv2d || op instanceof ConvTranspose2d || op instanceof Dense;
  }

  private static int channelAxis(Node layer) {
    if (layer.op() instanceof ConvTranspose2d conv) {
      return conv.layout().channelAxis();
    }
    return layer.op() instanceof Conv2d conv
        ? conv.layout().channelAxis()
        : layer.output().type().shape().rank() - 1;
  }

  private static boolean constants(List<Value> values, GraphRewriter rewriter) {
    return values.stream().allMatch(v -> rewriter.constant(rewriter.mapped(v)).isPresent());
  }

  private static float[] data(Value old, GraphRewriter rewriter) {
    return ((FloatTensor) rewriter.constant(rewriter.mapped(old)).orElseThrow().decode()).data();
  }

  private static Value fold(
      BatchNormalization normalization, Node node, Node layer, GraphRewriter rewriter) {
    float[] scale = data(node.inputs().get(1), rewriter);
    float[] shift = data(node.inputs().get(2), rewriter);
    float[] mean = data(node.inputs().get(3), rewriter);
    float[] variance = data(node.inputs().get(4), rewriter);
    float[] weights = data(layer.inputs().get(1), rewriter).clone();
    float[] bias =
        layer.inputs().size() > 2
            ? data(layer.inputs().get(2), rewriter).clone()
            : new float[scale.length];
    int terms = weights.length / scale.length;
    for (int c = 0; c < scale.length; c++) {
      double factor = scale[c] / Math.sqrt((double) variance[c] + normalization.epsilon());
      for (int i = c * terms; i < (c + 1) * terms; i++) {
        weights[i] = (float) (weights[i] * factor);
      }
      bias[c] = (float) ((bias[c] - mean[c]) * factor + shift[c]);
    }
    Shape shape = layer.inputs().get(1).type().shape();
    List<Value> operands = new ArrayList<>();
    operands.add(rewriter.mapped(layer.inputs().get(0)));
    operands.add(constant(rewriter, layer, "weights", FloatTensor.of(shape, weights)));
    operands.add(constant(rewriter, layer, "bias", FloatTensor.of(Shape.of(bias.length), bias)));
    return rewriter.add(layer.name(), node.output().name(), layer.op(), layer.location(), operands);
  }

  private static Value constant(
      GraphRewriter rewriter, Node layer, String what, FloatTensor tensor) {
    String name = layer.name() + "/folded_" + what;
    return rewriter.add(
        name, name, new Constant(new DenseWeights(tensor)), layer.location(), List.of());
  }
}
