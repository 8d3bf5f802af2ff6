// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.Refusal;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.Layout;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Shape;

/**
 * DEPTHWISE_CONV_2D: every input channel has as many outputs, one behind the other, as the depth
 * multiplier says, which follows from the shapes.
 */
final class DepthwiseConvReader implements OperatorReader {
  @Override
  public String notes() {
    return "as CONV_2D; any depth multiplier";
  }

  @Override
  public void read(OperatorContext node) {
    LayerOperands layer = LayerOperands.of(node);
    SymmetricWeights.check(layer);
    IntegerTensor weights =
        WeightLayout.ofDepthwise(layer.storedWeights(), layer.weightZeroPoint());
    int channels = channels(node, weights.shape());
    layer.emit(
        new IntegerConv2d(
            ConvolutionFields.DEPTHWISE.window(node, weights.shape()),
            Layout.NHWC,
            channels,
            layer.input().zeroPoint(0)),
        node.value(0),
        weights,
        layer.convolutionRescaling(
            ConvolutionFields.DEPTHWISE.activation(node),
            Layout.NHWC.channelAxis(),
            weights.shape().dimension(0)));
  }

  /** Channels of the input, of which weights have a multiple. */
  static int channels(OperatorContext node, Shape weights) {
    Shape input = node.operand(0).shape();
    int channels = input.rank() == 4 ? input.dimension(3) : 0;
    if (channels < 1 || weights.dimension(0) % channels != 0) {
      throw new Refusal(
          "%d outputs are no multiple of %d input channels"
              .formatted(weights.dimension(0), channels),
          "weights are [1, rows, columns, inputs * depth multiplier]");
    }
    return channels;
  }
}
