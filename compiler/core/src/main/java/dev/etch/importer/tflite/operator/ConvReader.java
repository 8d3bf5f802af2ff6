// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.Refusal;
import dev.etch.importer.tflite.schema.Options;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.Layout;
import dev.etch.op.Window;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Shape;

/** CONV_2D: int8 with a scale for each output channel or one, uint8 with one; groups. */
final class ConvReader implements OperatorReader {
  // Fields of Conv2DOptions.
  private static final int PADDING = 0;
  private static final int STRIDE_WIDTH = 1;
  private static final int STRIDE_HEIGHT = 2;
  private static final int ACTIVATION = 3;
  private static final int DILATION_WIDTH = 4;
  private static final int DILATION_HEIGHT = 5;

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
    Options options = node.options();
    Shape input = node.operand(0).shape();
    Window window =
        Windows.of(
            input,
            new Windows.Span(
                weights.shape().dimension(2),
                options.int32(STRIDE_HEIGHT, 0),
                options.int32(DILATION_HEIGHT, 1)),
            new Windows.Span(
                weights.shape().dimension(3),
                options.int32(STRIDE_WIDTH, 0),
                options.int32(DILATION_WIDTH, 1)),
            options.padding(PADDING));
    int groups = groups(input.dimension(3), weights.shape().dimension(1));
    layer.emit(
        new IntegerConv2d(window, Layout.NHWC, groups, layer.input().zeroPoint(0)),
        node.value(0),
        weights,
        layer.convolutionRescaling(
            options.activation(ACTIVATION),
            Layout.NHWC.channelAxis(),
            weights.shape().dimension(0)));
  }

  private static int groups(int channels, int channelsInGroup) {
    if (channelsInGroup < 1 || channels % channelsInGroup != 0) {
      throw new Refusal(
          "%d input channels are no multiple of the weights' %d"
              .formatted(channels, channelsInGroup),
          "weights are [outputs, rows, columns, inputs / groups]");
    }
    return channels / channelsInGroup;
  }
}
