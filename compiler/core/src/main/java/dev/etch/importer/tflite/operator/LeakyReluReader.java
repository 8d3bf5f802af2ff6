// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.op.Lookup;
import dev.etch.op.Quantization;
import dev.etch.op.requantization.QuantizedMultiplier;
import java.util.function.IntUnaryOperator;

/** LEAKY_RELU: operands below zero times alpha; ratios of scales in float32. */
final class LeakyReluReader implements OperatorReader {
  private static final int ALPHA = 0;

  @Override
  public String notes() {
    return "int8, uint8 and int16, by table";
  }

  @Override
  public void read(OperatorContext node) {
    node.operands(1, 1);
    Quantization input = node.operand(0).perTensor();
    Quantization output = node.result(0).perTensor();
    ActivationTypes.check(input, output);
    float alpha = node.options().float32(ALPHA);
    float below = input.scale(0) * alpha / output.scale(0);
    float above = input.scale(0) / output.scale(0);
    IntUnaryOperator function =
        rescaled(
            QuantizedMultiplier.of(above),
            QuantizedMultiplier.of(Math.abs(below)),
            below < 0 ? -1 : 1,
            input.zeroPoint(0),
            output);
    node.finish(Lookup.of(input.type(), output.type(), function), node.value(0));
  }

  private static IntUnaryOperator rescaled(
      QuantizedMultiplier above,
      QuantizedMultiplier below,
      int sign,
      int inputZeroPoint,
      Quantization output) {
    return stored -> {
      int x = stored - inputZeroPoint;
      long y = x >= 0 ? above.times(x) : sign * (long) below.times(x);
      return (int) output.type().saturate(y + output.zeroPoint(0));
    };
  }
}
