// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.Refusal;
import dev.etch.importer.tflite.schema.Options;
import dev.etch.importer.tflite.schema.Padding;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.Layout;
import dev.etch.op.TransposedWindow;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Shape;

/**
 * TRANSPOSE_CONV: operands shape of the result, weights, input and bias. A convolution of the
 * result's phases, then what brings them to their places.
 */
final class TransposeConvReader implements OperatorReader {
  private static final int SHAPE = 0;
  private static final int INPUT = 2;
  private static final int BIAS = 3;

  // Fields of TransposeConvOptions.
  private static final int PADDING = 0;
  private static final int STRIDE_WIDTH = 1;
  private static final int STRIDE_HEIGHT = 2;
  private static final int ACTIVATION = 3;

  @Override
  public String notes() {
    return "int8 or int16 with weights per channel or tensor, uint8 per tensor; strides, SAME and "
        + "VALID; fused activation; constant shape";
  }

  @Override
  public void read(OperatorContext node) {
    LayerOperands layer = LayerOperands.of(node, INPUT, BIAS);
    SymmetricWeights.check(layer);
    IntegerTensor weights =
        WeightLayout.ofConvolution(layer.storedWeights(), layer.weightZeroPoint());
    Shape input = node.operand(INPUT).shape();
    Shape result = node.result(0).shape();
    if (input.rank() != 4
        || !node.numbers(SHAPE).equals(result.dimensions())
        || input.dimension(3) != weights.shape().dimension(1)) {
      throw new Refusal(
          "%s of %s with weights %s".formatted(result, input, weights.shape()),
          "convert the model again");
    }
    Options options = node.options();
    TransposedWindow window =
        new TransposedWindow(
            axis(options, result.dimension(1), weights.shape().dimension(2), STRIDE_HEIGHT),
            axis(options, result.dimension(2), weights.shape().dimension(3), STRIDE_WIDTH));
    int outputs = weights.shape().dimension(0);
    layer.emitAssembled(
        new IntegerConv2d(
            window.convolution(input.dimension(1), input.dimension(2)),
            Layout.NHWC,
            1,
            layer.input().zeroPoint(0)),
        node.value(INPUT),
        window.phases(weights),
        layer.transposedRescaling(
            options.activation(ACTIVATION), Layout.NHWC.channelAxis(), outputs),
        window.assembly(Layout.NHWC, input, outputs),
        window.phases());
  }

  /** The padding is that of the convolution from the result to the input. */
  private static TransposedWindow.Axis axis(
      Options options, int result, int kernel, int strideField) {
    int stride = options.int32(strideField, 0);
    int padded =
        options.padding(PADDING) == Padding.SAME
            ? Windows.padded(result, new Windows.Span(kernel, stride, 1))
            : 0;
    return new TransposedWindow.Axis(kernel, stride, 1, padded / 2, result);
  }
}
