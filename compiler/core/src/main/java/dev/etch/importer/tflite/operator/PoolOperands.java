// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.Refusal;
import dev.etch.importer.tflite.schema.Activation;
import dev.etch.importer.tflite.schema.Options;
import dev.etch.op.Quantization;
import dev.etch.op.Window;

/** Window and quantization of a pool, whose input and output are quantized alike. */
record PoolOperands(Window window, Quantization quantization, OutputRange range) {
  // Fields of Pool2DOptions.
  private static final int PADDING = 0;
  private static final int STRIDE_WIDTH = 1;
  private static final int STRIDE_HEIGHT = 2;
  private static final int FILTER_WIDTH = 3;
  private static final int FILTER_HEIGHT = 4;
  private static final int ACTIVATION = 5;

  /** TFLite takes scales that differ by less for equal. */
  private static final double SCALE_TOLERANCE = 1e-6;

  static PoolOperands of(OperatorContext node) {
    node.operands(1, 1);
    Quantization input = node.operand(0).perTensor();
    Quantization output = node.result(0).perTensor();
    if (!input.type().equals(output.type())
        || input.zeroPoint(0) != output.zeroPoint(0)
        || Math.abs(input.scale(0) - output.scale(0)) > SCALE_TOLERANCE) {
      throw new Refusal(
          "input and result are quantized differently", "TFLite's pools do not rescale");
    }
    ActivationTypes.check(input);
    return new PoolOperands(window(node), output, OutputRange.of(output, activation(node)));
  }

  /** The window over the first operand. */
  static Window window(OperatorContext node) {
    Options options = node.options();
    return Windows.of(
        node.operand(0).shape(),
        new Windows.Span(options.int32(FILTER_HEIGHT, 0), options.int32(STRIDE_HEIGHT, 0), 1),
        new Windows.Span(options.int32(FILTER_WIDTH, 0), options.int32(STRIDE_WIDTH, 0), 1),
        options.padding(PADDING));
  }

  /** The fused activation. */
  static Activation activation(OperatorContext node) {
    return node.options().activation(ACTIVATION);
  }

  /** Whether every value of the type may leave. */
  boolean isUnclamped() {
    return range.low() == quantization.type().minimum()
        && range.high() == quantization.type().maximum();
  }
}
