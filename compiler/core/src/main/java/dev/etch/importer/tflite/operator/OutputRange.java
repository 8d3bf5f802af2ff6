// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.diagnostic.OperatorException;
import dev.etch.importer.Refusal;
import dev.etch.importer.tflite.schema.Activation;
import dev.etch.op.Quantization;

/**
 * Smallest and largest output of a layer with a fused activation. TFLite {@code
 * CalculateActivationRangeQuantized}.
 */
record OutputRange(int low, int high) {
  private static final float SIX = 6;

  static OutputRange of(Quantization output, Activation activation) {
    int least = (int) output.type().minimum();
    int most = (int) output.type().maximum();
    return switch (activation) {
      case NONE -> new OutputRange(least, most);
      case RELU -> new OutputRange(Math.max(least, quantized(0, output)), most);
      case RELU6 ->
          new OutputRange(
              Math.max(least, quantized(0, output)), Math.min(most, quantized(SIX, output)));
      case RELU_N1_TO_1 ->
          new OutputRange(
              Math.max(least, quantized(-1, output)), Math.min(most, quantized(1, output)));
      case TANH, SIGN_BIT ->
          throw new Refusal(
              "the fused activation " + activation + " is not supported",
              "use RELU or RELU6, or TANH as an operator of its own");
    };
  }

  /** {@code round(real / scale) + zeroPoint} in float32, ties away from zero. */
  private static int quantized(float real, Quantization output) {
    float ratio = real / output.scale(0);
    double rounded = Math.copySign(Math.floor(Math.abs((double) ratio) + 0.5), ratio);
    if (Math.abs(rounded) > Integer.MAX_VALUE) {
      throw new OperatorException(
          "an activation at " + real + " is out of range of scale " + output.scale(0),
          "check the scales in the model");
    }
    long result = (long) rounded + output.zeroPoint(0);
    return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, result));
  }
}
