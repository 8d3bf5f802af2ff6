// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.Refusal;
import dev.etch.importer.tflite.schema.Options;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.Layout;
import dev.etch.op.Window;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Shape;

/**
 * DEPTHWISE_CONV_2D: every input channel has as many outputs, one behind the other, as the depth
 * multiplier says, which follows from the shapes.
 */
final class DepthwiseConvReader implements OperatorReader {
  // Fields of DepthwiseConv2DOptions.
  private static final int PADDING = 0;
  private static final int STRIDE_WIDTH = 1;
  private static final int STRIDE_HEIGHT = 2;
  private static final int ACTIVATION = 4;
  private static final int DILATION_WIDTH = 5;
  private static final int DILATION_HEIGHT = 6;

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
    int channels = input.dimension(3);
    if (channels < 1 || weights.shape().dimension(0) % channels != 0) {
      throw new Refusal(
          "%d outputs are no multiple of %d input channels"
              .formatted(weights.shape().dimension(0), channels),
          "weights are [1, rows, columns, inputs * depth multiplier]");
    }
    layer.emit(
        new IntegerConv2d(window, Layout.NHWC, channels, layer.input().zeroPoint(0)),
        node.value(0),
        weights,
        layer.convolutionRescaling(
            options.activation(ACTIVATION),
            Layout.NHWC.channelAxis(),
            weights.shape().dimension(0)));
  }
}
