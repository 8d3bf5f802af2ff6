// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.op.Quantization;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.SumRequantization;

/** ONNX Runtime's QLinearAdd, with broadcasting. */
final class QLinearAddReader implements OperatorReader {
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
    Quantization a = QuantizationOperands.tensor(node, 0, 1, 2);
    Quantization b = QuantizationOperands.tensor(node, 3, 4, 5);
    Quantization y = QuantizationOperands.perTensor(node, 6, 7);
    SumRequantization sum =
        new SumRequantization.FloatSum(
            a.scale(0),
            a.zeroPoint(0),
            b.scale(0),
            b.zeroPoint(0),
            y.scale(0),
            y.zeroPoint(0),
            (int) y.type().minimum(),
            (int) y.type().maximum());
    node.emitResult(new QuantizedAdd(sum, y.type()), node.value(0), node.value(3));
  }
}
