// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.op.Conv2d;
import dev.etch.op.IntegerConv2d;
import java.util.List;
import java.util.Optional;

/** A convolution of quantized features with quantized weights accumulates integers. */
final class Conv2dToInteger implements IntegerRule {
  @Override
  public Optional<FloatForm> apply(Node node, Rewrite rewrite) {
    Conv2d op = (Conv2d) node.op();
    return rewrite
        .activation(node.inputs().get(0))
        .flatMap(
            x ->
                LayerWeights.of(node, x.quantization().scale(0), rewrite)
                    .map(weights -> accumulate(node, op, x, weights, rewrite)));
  }

  private static FloatForm accumulate(
      Node node, Conv2d op, Dequantized x, LayerWeights weights, Rewrite rewrite) {
    IntegerConv2d integer =
        new IntegerConv2d(op.window(), op.layout(), op.groups(), x.quantization().zeroPoint(0));
    Layer layer =
        new Layer(node, integer, List.of(x.integers(), weights.weights()), weights.bias());
    return Accumulated.of(layer, weights, op.layout().channelAxis());
  }
}
