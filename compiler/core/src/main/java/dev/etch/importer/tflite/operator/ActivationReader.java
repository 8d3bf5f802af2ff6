// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.tflite.schema.Activation;
import dev.etch.op.Quantization;
import dev.etch.op.Requantize;
import dev.etch.op.requantization.QuantizedMultiplier;
import java.util.List;

/** RELU, RELU6, RELU_N1_TO_1 as operators of their own: a requantization that clamps. */
final class ActivationReader implements OperatorReader {
  private final Activation activation;

  ActivationReader(Activation activation) {
    this.activation = activation;
  }

  @Override
  public String notes() {
    return "int8, uint8 and int16; rescales";
  }

  @Override
  public void read(OperatorContext node) {
    node.operands(1, 1);
    Quantization input = node.operand(0).perTensor();
    Quantization output = node.result(0).perTensor();
    ActivationTypes.check(input, output);
    // The ratio is rounded to float32, unlike that of QUANTIZE.
    float real = input.scale(0) / output.scale(0);
    node.finish(
        new Requantize(
            List.of(
                Rescaling.fixedPoint(
                    input.zeroPoint(0), QuantizedMultiplier.of(real), output, activation)),
            0,
            output.type()),
        node.value(0));
  }
}
