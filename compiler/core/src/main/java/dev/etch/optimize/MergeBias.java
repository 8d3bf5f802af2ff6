// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Add;
import dev.etch.op.Dense;
import dev.etch.op.Dequantize;
import dev.etch.pass.GraphRewriter;
import dev.etch.pass.Pass;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes a constant of dequantized int32, one for each output, that is added to a dense layer its
 * bias, as ONNX Runtime's {@code MatMulAddFusion} does. Left alone if somebody else reads the
 * layer's result, or the layer has a bias.
 */
public final class MergeBias implements Pass {
  private static final int OPERANDS_WITHOUT_BIAS = 2;

  @Override
  public String name() {
    return "merge-bias";
  }

  @Override
  public Graph run(Graph graph, DiagnosticCollector diagnostics) {
    Map<Value, Node> producers = graph.producers();
    Map<Value, List<Node>> consumers = graph.consumers();
    return GraphRewriter.rewrite(
        graph,
        (node, rewriter) -> {
          if (!(node.op() instanceof Add)) {
            return Optional.empty();
          }
          for (int i = 0; i < 2; i++) {
            Value sums = node.inputs().get(i);
            Value bias = node.inputs().get(1 - i);
            Node layer = producers.get(sums);
            boolean mergeable =
                isBiasless(layer)
                    && consumers.get(sums).size() == 1
                    && !graph.outputs().contains(sums)
                    && isBias(bias, layer, graph, producers);
            if (mergeable) {
              List<Value> operands =
                  List.of(
                      rewriter.mapped(layer.inputs().get(0)),
                      rewriter.mapped(layer.inputs().get(1)),
                      rewriter.mapped(bias));
              return Optional.of(
                  rewriter.add(
                      layer.name(), node.output().name(), layer.op(), layer.location(), operands));
            }
          }
          return Optional.empty();
        });
  }

  private static boolean isBiasless(Node layer) {
    return layer != null
        && layer.op() instanceof Dense
        && layer.inputs().size() == OPERANDS_WITHOUT_BIAS;
  }

  private static boolean isBias(Value bias, Node layer, Graph graph, Map<Value, Node> producers) {
    Node dequantize = producers.get(bias);
    return dequantize != null
        && dequantize.op() instanceof Dequantize op
        && op.quantization().type().equals(IntegerType.INT32)
        && graph.constant(dequantize.inputs().get(0)).isPresent()
        && bias.type().shape().equals(Shape.of(layer.output().type().shape().dimension(-1)));
  }
}
