// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.graph.PlacesAsChannels;
import dev.etch.graph.Value;
import dev.etch.importer.Refusal;
import dev.etch.op.IntegerSumPool2d;
import dev.etch.op.Layout;
import dev.etch.op.Quantization;
import dev.etch.op.Requantize;
import dev.etch.op.Reshape;
import dev.etch.op.Window;
import dev.etch.op.requantization.Average;
import dev.etch.op.requantization.Requantization;
import dev.etch.tensor.Shape;
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
    return "no ceil_mode where padding counts";
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
    if (countPadding && read.hasExtra()) {
      throw new Refusal(
          "windows at the border average fewer elements than the others, though padding counts",
          "avoid ceil_mode");
    }
    Window window = read.whole();
    Mean mean = new Mean(x, y);
    Value map = Spatial.lifted(node, 0);
    Value sums = node.emit(new IntegerSumPool2d(window, Layout.NCHW, x.zeroPoint(0)), map);
    if (window.isPadded() && !countPadding) {
      Value flat = averagedPlaces(node, window, map, sums, mean);
      Spatial.result(node, new Reshape(sums.type().shape().dimensions()), flat);
      return;
    }
    Requantization average = mean.of(window.kernelHeight() * window.kernelWidth());
    Spatial.result(node, new Requantize(List.of(average), 0, y.type()), sums);
  }

  private static Value averagedPlaces(
      NodeContext node, Window window, Value map, Value sums, Mean mean) {
    if (!PlacesAsChannels.canRequantize(sums)) {
      throw new Refusal(
          "windows at the border average fewer elements than the others, of several images",
          "export the model for a batch of one");
    }
    Shape in = map.type().shape();
    Shape out = sums.type().shape();
    List<Integer> counts =
        window.elementsInside(in.dimension(2), in.dimension(3), out.dimension(2), out.dimension(3));
    List<Requantization> staircases = counts.stream().map(mean::of).toList();
    return new PlacesAsChannels(staircases, Layout.NCHW, mean.result().type())
        .requantizeFlat(sums, node::emit);
  }

  /** Of so many elements, see {@link Average}. */
  private record Mean(Quantization operand, Quantization result) {
    Requantization of(int count) {
      return new Average(
          operand.scale(0),
          count,
          result.scale(0),
          result.zeroPoint(0),
          (int) result.type().minimum(),
          (int) result.type().maximum(),
          0);
    }
  }
}
