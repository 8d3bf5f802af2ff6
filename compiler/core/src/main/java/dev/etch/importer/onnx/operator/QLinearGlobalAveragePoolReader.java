// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.graph.Value;
import dev.etch.op.IntegerSumPool2d;
import dev.etch.op.Layout;
import dev.etch.op.Quantization;
import dev.etch.op.Window;
import dev.etch.tensor.Shape;

/** ONNX Runtime's QLinearGlobalAveragePool, channels first or last. */
final class QLinearGlobalAveragePoolReader implements OperatorReader {
  @Override
  public Signature signature() {
    return Signature.of(5, 5, "channels_last");
  }

  @Override
  public String notes() {
    return "1-D (channels first) and 2-D";
  }

  @Override
  public void read(NodeContext node) {
    Quantization x = QuantizationOperands.tensor(node, 0, 1, 2);
    Quantization y = QuantizationOperands.perTensor(node, 3, 4);
    boolean channelsLast = node.attributes().flag("channels_last", false);
    if (channelsLast) {
      node.checkRank(0, "operand with channels last", 4);
    }
    Spatial.extents(node, 0);
    Layout layout = channelsLast ? Layout.NHWC : Layout.NCHW;
    Shape shape = Spatial.lifted(node.shape(0));
    Window window =
        Window.of(shape.dimension(layout.heightAxis()), shape.dimension(layout.widthAxis()));
    Value sums =
        node.emit(new IntegerSumPool2d(window, layout, x.zeroPoint(0)), Spatial.lifted(node, 0));
    float area = window.kernelHeight() * window.kernelWidth();
    Spatial.result(node, Rescaling.perTensor(x.scale(0) / (y.scale(0) * area), y), sums);
  }
}
