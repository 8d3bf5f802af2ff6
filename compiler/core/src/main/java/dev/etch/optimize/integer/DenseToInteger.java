// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.op.IntegerDense;
import java.util.List;
import java.util.Optional;

/** A dense layer of quantized features with quantized weights accumulates integers. */
final class DenseToInteger implements IntegerRule {
  @Override
  public Optional<FloatForm> apply(Node node, Rewrite rewrite) {
    return rewrite
        .activation(node.inputs().get(0))
        .flatMap(
            x ->
                LayerWeights.of(node, x.quantization().scale(0), rewrite)
                    .map(weights -> accumulate(node, x, weights, rewrite)));
  }

  private static FloatForm accumulate(
      Node node, Dequantized x, LayerWeights weights, Rewrite rewrite) {
    IntegerDense integer = new IntegerDense(x.quantization().zeroPoint(0));
    Layer layer =
        new Layer(node, integer, List.of(x.integers(), weights.weights()), weights.bias());
    int channelAxis = node.output().type().shape().rank() - 1;
    return Accumulated.of(layer, weights, channelAxis);
  }
}
