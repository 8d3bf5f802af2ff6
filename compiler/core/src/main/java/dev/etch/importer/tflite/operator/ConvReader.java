// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.Refusal;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.Layout;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Shape;

/** CONV_2D: int8 with a scale for each output channel or one, uint8 with one; groups. */
final class ConvReader implements OperatorReader {
  @Override
  public String notes() {
    return "int8 or int16 with weights per channel or tensor, uint8 per tensor, int4 weights; groups, strides, "
        + "dilations, SAME and VALID; fused activation";
  }

  @Override
  public void read(OperatorContext node) {
    LayerOperands layer = LayerOperands.of(node);
    SymmetricWeights.check(layer);
    IntegerTensor weights =
        WeightLayout.ofConvolution(layer.storedWeights(), layer.weightZeroPoint());
    int groups = groups(node.operand(0).shape(), weights.shape().dimension(1));
    layer.emit(
        new IntegerConv2d(
            ConvolutionFields.CONV.window(node, weights.shape()),
            Layout.NHWC,
            groups,
            layer.input().zeroPoint(0)),
        node.value(0),
        weights,
        layer.convolutionRescaling(
            ConvolutionFields.CONV.activation(node),
            Layout.NHWC.channelAxis(),
            weights.shape().dimension(0)));
  }

  /** Groups of a convolution with weights of so many input channels. */
  static int groups(Shape input, int channelsInGroup) {
    int channels = input.rank() == 4 ? input.dimension(3) : 0;
    if (channels < 1 || channelsInGroup < 1 || channels % channelsInGroup != 0) {
      throw new Refusal(
          "%d input channels are no multiple of the weights' %d"
              .formatted(channels, channelsInGroup),
          "weights are [outputs, rows, columns, inputs / groups]");
    }
    return channels / channelsInGroup;
  }
}
