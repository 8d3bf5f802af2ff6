// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.graph.Value;
import dev.etch.importer.Refusal;
import dev.etch.op.Concat;
import dev.etch.op.Quantization;
import dev.etch.op.Requantize;
import dev.etch.op.requantization.DequantizeThenQuantize;
import dev.etch.op.requantization.Requantization;
import java.util.ArrayList;
import java.util.List;

/** ONNX Runtime's QLinearConcat: each operand is requantized, then all are joined. */
final class QLinearConcatReader implements OperatorReader {
  private static final int FIRST = 2;
  private static final int PER_OPERAND = 3;

  @Override
  public Signature signature() {
    return Signature.of(FIRST + PER_OPERAND, Integer.MAX_VALUE, "axis");
  }

  @Override
  public String notes() {
    return "";
  }

  @Override
  public void read(NodeContext node) {
    if ((node.inputs() - FIRST) % PER_OPERAND != 0 || !node.attributes().has("axis")) {
      throw new Refusal("operands come as tensor, scale, zero point; 'axis' is required", "");
    }
    Quantization y = QuantizationOperands.perTensor(node, 0, 1);
    List<Value> operands = new ArrayList<>();
    for (int at = FIRST; at < node.inputs(); at += PER_OPERAND) {
      Quantization x = QuantizationOperands.tensor(node, at, at + 1, at + 2);
      operands.add(requantized(node, node.value(at), x, y));
    }
    int rank = node.shape(FIRST).rank();
    int axis = NodeContext.axis(node.attributes().integer("axis", 0), rank);
    node.emitResult(new Concat(axis), operands.toArray(Value[]::new));
  }

  private static Value requantized(NodeContext node, Value value, Quantization x, Quantization y) {
    if (x.equals(y)) {
      return value;
    }
    Requantization staircase =
        new DequantizeThenQuantize(
            x.scale(0),
            x.zeroPoint(0),
            y.scale(0),
            y.zeroPoint(0),
            (int) y.type().minimum(),
            (int) y.type().maximum());
    return node.emit(new Requantize(List.of(staircase), 0, y.type()), value);
  }
}
