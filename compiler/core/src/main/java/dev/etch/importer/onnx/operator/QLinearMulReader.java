// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.graph.Value;
import dev.etch.importer.Refusal;
import dev.etch.op.IntegerMultiply;
import dev.etch.op.Quantization;
import dev.etch.op.Requantize;
import dev.etch.op.requantization.Requantization;
import dev.etch.op.requantization.ScaleThenShift;
import java.util.List;

/** ONNX Runtime's QLinearMul, with broadcasting. */
final class QLinearMulReader implements OperatorReader {
  private static final int BITS = 8;

  @Override
  public Signature signature() {
    return Signature.of(8, 8);
  }

  @Override
  public String notes() {
    return "8 bits, broadcasting";
  }

  @Override
  public void read(NodeContext node) {
    Quantization a = QuantizationOperands.tensor(node, 0, 1, 2);
    Quantization b = QuantizationOperands.tensor(node, 3, 4, 5);
    Quantization c = QuantizationOperands.perTensor(node, 6, 7);
    if (a.type().bits() != BITS || !b.type().equals(a.type()) || !c.type().equals(a.type())) {
      throw new Refusal(
          "operands of types %s and %s, result of %s".formatted(a.type(), b.type(), c.type()),
          "all int8 or all uint8");
    }
    float scale = a.scale(0) * b.scale(0) / c.scale(0);
    if (!(scale > 0) || Float.isInfinite(scale)) {
      throw new Refusal("rescaling by " + scale + " is not finite and above 0", "check the scales");
    }
    Requantization staircase =
        new ScaleThenShift(
            scale, c.zeroPoint(0), (int) c.type().minimum(), (int) c.type().maximum());
    Value product =
        node.emit(
            new IntegerMultiply(a.zeroPoint(0), b.zeroPoint(0)), node.value(0), node.value(3));
    node.emitResult(new Requantize(List.of(staircase), 0, c.type()), product);
  }
}
