// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.Refusal;
import dev.etch.importer.tflite.schema.Activation;
import dev.etch.op.Quantization;
import dev.etch.op.QuantizeTiesAway;

/** QUANTIZE of floats, and from one scale or type to another. */
final class QuantizeReader implements OperatorReader {
  @Override
  public String notes() {
    return "of float32, on the host; between int8, uint8 and int16";
  }

  @Override
  public void read(OperatorContext node) {
    node.operands(1, 1);
    Quantization output = node.result(0).perTensor();
    ActivationTypes.checkSymmetric(output);
    if (node.operand(0).type().isFloat()) {
      node.finish(new QuantizeTiesAway(output), node.value(0));
      return;
    }
    Quantization input = node.operand(0).perTensor();
    if (!isActivation(input) || !isActivation(output)) {
      throw new Refusal(
          "from %s to %s".formatted(input.type(), output.type()),
          "rescaling is supported between int8, uint8 and int16");
    }
    node.finish(Rescaling.between(input, output, Activation.NONE), node.value(0));
  }

  private static boolean isActivation(Quantization tensor) {
    return tensor.type().bits() == 8 || ActivationTypes.isWide(tensor);
  }
}
