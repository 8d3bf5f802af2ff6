// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.tflite.schema.Activation;
import dev.etch.importer.tflite.schema.Options;
import dev.etch.op.Window;
import dev.etch.tensor.Shape;

/** Where Conv2DOptions and DepthwiseConv2DOptions have what both say. */
enum ConvolutionFields {
  CONV(3, 4, 5),
  DEPTHWISE(4, 5, 6);

  private static final int PADDING = 0;
  private static final int STRIDE_WIDTH = 1;
  private static final int STRIDE_HEIGHT = 2;

  private final int activation;
  private final int dilationWidth;
  private final int dilationHeight;

  ConvolutionFields(int activation, int dilationWidth, int dilationHeight) {
    this.activation = activation;
    this.dilationWidth = dilationWidth;
    this.dilationHeight = dilationHeight;
  }

  /**
   * The window.
   *
   * @param weights their shape, [outputs, inputs / groups, rows, columns]
   */
  Window window(OperatorContext node, Shape weights) {
    Options options = node.options();
    return Windows.of(
        node.operand(0).shape(),
        new Windows.Span(
            weights.dimension(2),
            options.int32(STRIDE_HEIGHT, 0),
            options.int32(dilationHeight, 1)),
        new Windows.Span(
            weights.dimension(3), options.int32(STRIDE_WIDTH, 0), options.int32(dilationWidth, 1)),
        options.padding(PADDING));
  }

  Activation activation(OperatorContext node) {
    return node.options().activation(activation);
  }
}
