// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.graph.Value;
import dev.etch.op.IntegerMultiply;
import dev.etch.op.Quantization;
import dev.etch.op.Requantize;
import dev.etch.op.requantization.QuantizedMultiplier;
import java.util.List;

/** MUL, broadcast as NumPy does: the exact product, then the requantization. */
final class MulReader implements OperatorReader {
  private static final int ACTIVATION = 0;

  @Override
  public String notes() {
    return "int8, uint8 and int16; fused activation; broadcasting";
  }

  @Override
  public void read(OperatorContext node) {
    node.operands(2, 2);
    Quantization left = node.operand(0).perTensor();
    Quantization right = node.operand(1).perTensor();
    Quantization output = node.result(0).perTensor();
    ActivationTypes.check(left, right, output);
    // Each step is rounded to float32, unlike in layers with weights.
    float real = left.scale(0) * right.scale(0) / output.scale(0);
    Value product =
        node.emit(
            "product",
            new IntegerMultiply(left.zeroPoint(0), right.zeroPoint(0)),
            node.value(0),
            node.value(1));
    node.finish(
        new Requantize(
            List.of(
                Rescaling.fixedPoint(
                    0,
                    QuantizedMultiplier.of(real),
                    output,
                    node.options().activation(ACTIVATION))),
            0,
            output.type()),
        product);
  }
}
