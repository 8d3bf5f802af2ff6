// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.op.Broadcast;
import dev.etch.op.Quantization;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.requantization.FloatSum;
import dev.etch.op.requantization.SumRequantization;

/** ONNX Runtime's QLinearAdd, with broadcasting. */
final class QLinearAddReader implements OperatorReader {
  private static final int SECOND = 3;

  @Override
  public Signature signature() {
    return Signature.of(8, 8);
  }

  @Override
  public String notes() {
    return "broadcasting";
  }

  @Override
  public void read(NodeContext node) {
    boolean swapped = Broadcast.isScalarInside(node.shape(0), node.shape(SECOND));
    int left = swapped ? SECOND : 0;
    int right = swapped ? 0 : SECOND;
    Quantization a = QuantizationOperands.tensor(node, left, left + 1, left + 2);
    Quantization b = QuantizationOperands.tensor(node, right, right + 1, right + 2);
    Quantization y = QuantizationOperands.perTensor(node, 6, 7);
    SumRequantization sum =
        new FloatSum(
            a.scale(0),
            a.zeroPoint(0),
            b.scale(0),
            b.zeroPoint(0),
            y.scale(0),
            y.zeroPoint(0),
            (int) y.type().minimum(),
            (int) y.type().maximum());
    node.emitResult(new QuantizedAdd(sum, y.type()), node.value(left), node.value(right));
  }
}
