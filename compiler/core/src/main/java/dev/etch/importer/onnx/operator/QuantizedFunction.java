// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.importer.Refusal;
import dev.etch.op.Lookup;
import dev.etch.op.Quantization;
import dev.etch.op.requantization.FloatFunction;
import dev.etch.tensor.Shape;

/** ONNX Runtime's operators that apply a function of one number by a table of 256 entries. */
final class QuantizedFunction {
  private static final int BITS = 8;

  private QuantizedFunction() {}

  /** Reads tensor, its scale and zero point, and the result's. */
  static void read(NodeContext node, FloatFunction function) {
    Quantization x = QuantizationOperands.tensor(node, 0, 1, 2);
    Quantization y = QuantizationOperands.read(node, 3, 4, x.type(), Shape.of(1), 0);
    if (x.type().bits() != BITS || !y.type().equals(x.type())) {
      throw new Refusal(
          "operand of type " + x.type() + ", result of " + y.type(), "both int8 or both uint8");
    }
    node.emitResult(Lookup.ofFloats(x, y, function), node.value(0));
  }
}
