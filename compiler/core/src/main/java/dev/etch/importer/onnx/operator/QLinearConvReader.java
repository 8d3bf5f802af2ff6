// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.graph.Value;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.Layout;
import dev.etch.op.Quantization;
import dev.etch.op.Window;

/** QLinearConv: an exact integer convolution and a requantization. */
final class QLinearConvReader implements OperatorReader {
  private static final int BIAS = 8;

  @Override
  public Signature signature() {
    return new Signature(8, 9, ConvReader.attributes());
  }

  @Override
  public String notes() {
    return "1-D and 2-D; weights per tensor or output channel, any zero point";
  }

  @Override
  public void read(NodeContext node) {
    Quantization x = QuantizationOperands.tensor(node, 0, 1, 2);
    Quantization w = QuantizationOperands.of(node, 3, 4, 5, 0);
    Quantization y = QuantizationOperands.perTensor(node, 6, 7);
    Window window = ConvReader.window(node, 0, 3);
    int groups = node.attributes().integer("group", 1);
    Value operand = Spatial.lifted(node, 0);
    int[] zeros = w.zeroPoints().stream().mapToInt(Integer::intValue).toArray();
    Value weights = IntegerWeights.ofConvolution(node, 3, zeros);
    IntegerConv2d op = new IntegerConv2d(window, Layout.NCHW, groups, x.zeroPoint(0));
    Value sums =
        node.has(BIAS)
            ? node.emit(op, operand, weights, node.value(BIAS))
            : node.emit(op, operand, weights);
    Spatial.result(node, Rescaling.of(x.scale(0), w.scales(), y, 1), sums);
  }
}
