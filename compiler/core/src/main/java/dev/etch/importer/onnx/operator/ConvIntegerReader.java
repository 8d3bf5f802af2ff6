// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.graph.Value;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.Layout;
import dev.etch.op.Window;

/** ConvInteger: exact int32 sums. */
final class ConvIntegerReader implements OperatorReader {
  @Override
  public Signature signature() {
    return new Signature(2, 4, ConvReader.attributes());
  }

  @Override
  public String notes() {
    return "1-D and 2-D; any weight zero point on constant weights";
  }

  @Override
  public void read(NodeContext node) {
    Window window = ConvReader.window(node, 0, 1);
    int groups = node.attributes().integer("group", 1);
    int zeroPoint = QuantizationOperands.zeroPoint(node, 0, 2);
    Value x = Spatial.lifted(node, 0);
    Value weights = IntegerWeights.ofConvolution(node, 1, IntegerWeights.zeroPoints(node, 1, 3));
    Spatial.result(node, new IntegerConv2d(window, Layout.NCHW, groups, zeroPoint), x, weights);
  }
}
