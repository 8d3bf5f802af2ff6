// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.Refusal;
import dev.etch.op.InterpolatedSoftmax;
import dev.etch.op.Quantization;
import dev.etch.op.QuantizedSoftmax;
import dev.etch.op.Softmax;
import dev.etch.op.requantization.QuantizedMultiplier;

/** SOFTMAX over the last axis: in fixed-point arithmetic on integers, else in float. */
final class SoftmaxReader implements OperatorReader {
  private static final int BETA = 0;
  private static final int INTEGER_BITS = 5;

  /** exp of anything below is taken for that of its negative; in so many steps. */
  private static final double LEAST_EXPONENT = 10;

  private static final double STEPS = 65535;
  private static final double LARGEST_MULTIPLIER = (1L << 31) - 1.0;

  @Override
  public String notes() {
    return "int8 and uint8, on the host where no quantized layer follows; int16 and float32, on the host; "
        + "last axis";
  }

  @Override
  public void read(OperatorContext node) {
    node.operands(1, 1);
    float beta = node.options().float32(BETA);
    if (node.operand(0).type().isFloat()) {
      readFloat(node, beta);
      return;
    }
    Quantization input = node.operand(0).perTensor();
    Quantization output = node.result(0).perTensor();
    if (ActivationTypes.isWide(input)) {
      readWide(node, beta, input, output);
      return;
    }
    int bits = output.type().bits();
    boolean standard =
        output.zeroPoint(0) == output.type().minimum() && output.scale(0) == 1f / (1 << bits);
    if (input.type().bits() != 8 || !output.type().equals(input.type()) || !standard) {
      throw new Refusal(
          "softmax from %s to %s with scale %s and zero point %d"
              .formatted(input.type(), output.type(), output.scale(0), output.zeroPoint(0)),
          "TFLite's softmax gives 8 bits, 1/256 each, from 0 on");
    }
    node.finish(softmax(beta, input.scale(0), output), node.value(0));
  }

  /** TFLite {@code PreprocessSoftmaxScaling} and {@code CalculateInputRadius}. */
  private static QuantizedSoftmax softmax(float beta, float scale, Quantization output) {
    QuantizedMultiplier multiplier = multiplier(beta, scale);
    return new QuantizedSoftmax(multiplier, leastDifference(multiplier), output.type());
  }

  /** Of a difference to the line's largest, into 5 integer bits. */
  static QuantizedMultiplier multiplier(float beta, float scale) {
    double real = (double) beta * scale * (1 << (31 - INTEGER_BITS));
    if (!(real > 1)) {
      throw new Refusal(
          "beta %s with scale %s is too small for fixed-point softmax".formatted(beta, scale),
          "check the scale of the logits");
    }
    return QuantizedMultiplier.of(Math.min(real, LARGEST_MULTIPLIER));
  }

  /** The difference beyond which 5 integer bits do not suffice. */
  static int leastDifference(QuantizedMultiplier multiplier) {
    double radius =
        Math.floor(
            ((1 << INTEGER_BITS) - 1)
                * (double) (1L << (31 - INTEGER_BITS))
                / (1L << multiplier.shift()));
    return -(int) radius;
  }

  /** TFLite {@code SoftmaxPrepare} of 16-bit integers. */
  private static void readWide(
      OperatorContext node, float beta, Quantization input, Quantization output) {
    ActivationTypes.check(input, output);
    if (output.scale(0) != 1f / (1 << 15)) {
      throw new Refusal(
          "softmax of int16 with scale " + output.scale(0), "TFLite's softmax gives 1/32768 each");
    }
    double real = (double) input.scale(0) * beta / (LEAST_EXPONENT / STEPS);
    node.finish(new InterpolatedSoftmax(QuantizedMultiplier.of(real)), node.value(0));
  }

  private static void readFloat(OperatorContext node, float beta) {
    if (beta != 1) {
      throw new Refusal("float softmax with beta " + beta, "scale the logits instead");
    }
    node.finish(new Softmax(node.operand(0).shape().rank() - 1), node.value(0));
  }
}
