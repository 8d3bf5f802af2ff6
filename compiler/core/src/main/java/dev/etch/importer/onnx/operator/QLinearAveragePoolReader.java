// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.graph.Value;
import dev.etch.importer.Refusal;
import dev.etch.op.IntegerSumPool2d;
import dev.etch.op.Layout;
import dev.etch.op.Quantization;
import dev.etch.op.Requantize;
import dev.etch.op.Window;
import dev.etch.op.requantization.Average;
import dev.etch.op.requantization.Requantization;
import java.util.ArrayList;
import java.util.List;

/** ONNX Runtime's QLinearAveragePool: an exact sum and a requantization by the divisor. */
final class QLinearAveragePoolReader implements OperatorReader {
  @Override
  public Signature signature() {
    List<String> names = new ArrayList<>(WindowAttributes.NAMES);
    names.addAll(List.of("ceil_mode", "count_include_pad", "channels_last"));
    return new Signature(5, 5, names);
  }

  @Override
  public String notes() {
    return "padding only if it counts";
  }

  @Override
  public void read(NodeContext node) {
    if (node.attributes().flag("channels_last", false)) {
      throw new Refusal("channels_last is not supported here", "export in channels-first layout");
    }
    Quantization x = QuantizationOperands.tensor(node, 0, 1, 2);
    Quantization y = QuantizationOperands.perTensor(node, 3, 4);
    WindowAttributes read =
        WindowAttributes.read(node.attributes(), Spatial.extents(node, 0), List.of());
    boolean countPadding = node.attributes().flag("count_include_pad", false);
    if (read.hasExtra() || (read.window().isPadded() && !countPadding)) {
      throw new Refusal(
          "windows at the border average fewer elements than the others",
          "set count_include_pad, or avoid padding and ceil_mode");
    }
    Window window = read.window();
    int area = window.kernelHeight() * window.kernelWidth();
    Requantization average =
        new Average(
            x.scale(0),
            area,
            y.scale(0),
            y.zeroPoint(0),
            (int) y.type().minimum(),
            (int) y.type().maximum(),
            0);
    Value sums =
        node.emit(
            new IntegerSumPool2d(window, Layout.NCHW, x.zeroPoint(0)), Spatial.lifted(node, 0));
    Spatial.result(node, new Requantize(List.of(average), 0, y.type()), sums);
  }
}
