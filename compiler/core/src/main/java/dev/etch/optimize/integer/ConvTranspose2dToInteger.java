// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.ConvTranspose2d;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.TransposedWindow;
import dev.etch.tensor.DenseWeights;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * A transposed convolution of quantized features with quantized weights: a convolution that
 * accumulates the phases of its result, which are then brought to their places.
 */
final class ConvTranspose2dToInteger implements IntegerRule {
  @Override
  public Optional<FloatForm> apply(Node node, Rewrite rewrite) {
    return rewrite
        .activation(node.inputs().get(0))
        .flatMap(
            x ->
                LayerWeights.of(node, x.quantization().scale(0), rewrite)
                    .map(weights -> isBiasLeft(node, rewrite) ? weights.withFloatBias() : weights)
                    .map(weights -> accumulate(node, x, weights, rewrite)));
  }

  /**
   * Whether ONNX Runtime does not quantize a float bias: it wants a weight scale for each channel,
   * or one, and groups share their scales ({@code weight_bias_quantization.cc}).
   */
  private static boolean isBiasLeft(Node node, Rewrite rewrite) {
    return ((ConvTranspose2d) node.op()).groups() > 1
        && !rewrite
            .constantIntegers(node.inputs().get(1))
            .orElseThrow()
            .quantization()
            .isPerTensor();
  }

  private static FloatForm accumulate(
      Node node, Dequantized x, LayerWeights weights, Rewrite rewrite) {
    ConvTranspose2d op = (ConvTranspose2d) node.op();
    TransposedWindow window = op.window();
    Shape input = node.inputs().get(0).type().shape();
    IntegerConv2d integer =
        new IntegerConv2d(
            window.convolution(
                input.dimension(op.layout().heightAxis()),
                input.dimension(op.layout().widthAxis())),
            op.layout(),
            op.groups(),
            x.quantization().zeroPoint(0));
    LayerWeights phases =
        weights.repeated(window.phases(), node, phases(node, window, weights, rewrite));
    Layer layer = new Layer(node, integer, List.of(x.integers(), phases.weights()), phases.bias());
    int axis = op.layout().channelAxis();
    int channels = node.output().type().shape().dimension(axis);
    return new Assembled(
        Accumulated.of(layer, phases, axis),
        window.phases(),
        window.assembly(op.layout(), input, channels),
        node);
  }

  private static Value phases(
      Node node, TransposedWindow window, LayerWeights weights, Rewrite rewrite) {
    IntegerTensor stored =
        (IntegerTensor) rewrite.constant(weights.weights()).orElseThrow().decode();
    return rewrite.constant(node, "phases", new DenseWeights(window.phases(stored)));
  }
}
