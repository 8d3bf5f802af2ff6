// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.tflite.schema.Activation;
import dev.etch.op.Quantization;
import dev.etch.op.Requantize;
import dev.etch.op.requantization.FixedPoint;
import dev.etch.op.requantization.QuantizedMultiplier;
import dev.etch.op.requantization.Requantization;
import java.util.List;

/** The requantizations of TFLite's reference kernels. */
final class Rescaling {
  private Rescaling() {}

  /**
   * Behind a convolution, or a dense layer with a scale for each output: the ratio of scales in
   * double precision, from left to right; one for the tensor or one a channel. TFLite {@code
   * PopulateConvolutionQuantizationParams}.
   */
  static List<QuantizedMultiplier> inDouble(
      Quantization input, Quantization weights, Quantization output) {
    return weights.scales().stream()
        .map(scale -> (double) input.scale(0) * scale / output.scale(0))
        .map(QuantizedMultiplier::of)
        .toList();
  }

  /**
   * Behind a dense layer with one scale, and behind uint8 convolutions: the product of the scales
   * is rounded to float32 first. TFLite {@code GetQuantizedConvolutionMultipler}.
   */
  static List<QuantizedMultiplier> inFloat(
      Quantization input, Quantization weights, Quantization output) {
    float product = input.scale(0) * weights.scale(0);
    return List.of(QuantizedMultiplier.of((double) product / output.scale(0)));
  }

  /** From one activation's scale and zero point to another's, with its activation. */
  static Requantize between(Quantization input, Quantization output, Activation activation) {
    double real = (double) input.scale(0) / output.scale(0);
    return new Requantize(
        List.of(fixedPoint(input.zeroPoint(0), QuantizedMultiplier.of(real), output, activation)),
        0,
        output.type());
  }

  /** A staircase with a given multiplier and a fused activation. */
  static Requantization fixedPoint(
      int inputZeroPoint,
      QuantizedMultiplier multiplier,
      Quantization output,
      Activation activation) {
    OutputRange range = OutputRange.of(output, activation);
    return new FixedPoint(
        inputZeroPoint, multiplier, output.zeroPoint(0), range.low(), range.high());
  }
}
