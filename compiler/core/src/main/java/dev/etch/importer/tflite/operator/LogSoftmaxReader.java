// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.Refusal;
import dev.etch.op.Quantization;
import dev.etch.op.QuantizedLogSoftmax;
import dev.etch.op.requantization.QuantizedMultiplier;
import dev.etch.tensor.IntegerType;

/** LOG_SOFTMAX of int8 over the last axis, in fixed-point arithmetic. */
final class LogSoftmaxReader implements OperatorReader {
  private static final float STEP = 1f / 16;
  private static final int ZERO = 127;

  @Override
  public String notes() {
    return "int8, on the host; last axis";
  }

  @Override
  public void read(OperatorContext node) {
    node.operands(1, 1);
    Quantization input = node.operand(0).perTensor();
    Quantization output = node.result(0).perTensor();
    boolean standard =
        input.type().equals(IntegerType.INT8)
            && output.equals(Quantization.perTensor(IntegerType.INT8, STEP, ZERO));
    if (!standard) {
      throw new Refusal(
          "logarithm of softmax from %s to %s with scale %s and zero point %d"
              .formatted(input.type(), output.type(), output.scale(0), output.zeroPoint(0)),
          "TFLite's gives int8, 1/16 each, with zero point 127");
    }
    QuantizedMultiplier multiplier = SoftmaxReader.multiplier(1, input.scale(0));
    double divisor = Math.scalb(1.0, 31 - multiplier.shift()) / (double) multiplier.multiplier();
    node.finish(
        new QuantizedLogSoftmax(
            multiplier, QuantizedMultiplier.of(divisor), SoftmaxReader.leastDifference(multiplier)),
        node.value(0));
  }
}
