// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.tflite.schema.Activation;
import dev.etch.op.Conv2d;
import dev.etch.op.Layout;
import dev.etch.op.Window;
import dev.etch.tensor.FloatTensor;

/** CONV_2D and DEPTHWISE_CONV_2D of floats. */
final class FloatConvReader implements OperatorReader {
  private final ConvolutionFields fields;

  FloatConvReader(ConvolutionFields fields) {
    this.fields = fields;
  }

  @Override
  public String notes() {
    return "strides, dilations, SAME and VALID; fused activation";
  }

  @Override
  public void read(OperatorContext node) {
    FloatLayer layer = new FloatLayer(node);
    boolean isDepthwise = fields == ConvolutionFields.DEPTHWISE;
    FloatTensor weights =
        isDepthwise
            ? WeightLayout.ofDepthwise(layer.weights())
            : WeightLayout.ofConvolution(layer.weights());
    int groups =
        isDepthwise
            ? DepthwiseConvReader.channels(node, weights.shape())
            : ConvReader.groups(node.operand(0).shape(), weights.shape().dimension(1));
    Window window = fields.window(node, weights.shape());
    Activation activation = fields.activation(node);
    layer.emit(new Conv2d(window, Layout.NHWC, groups), node.value(0), weights, activation);
  }
}
