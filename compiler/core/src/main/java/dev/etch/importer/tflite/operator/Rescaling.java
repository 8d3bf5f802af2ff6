// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.tflite.schema.Activation;
import dev.etch.op.Quantization;
import dev.etch.op.QuantizedMultiplier;
import dev.etch.op.Requantization;
import dev.etch.op.Requantize;
import java.util.ArrayList;
import java.util.List;

/** The requantizations of TFLite's reference kernels. */
final class Rescaling {
  private Rescaling() {}

  /**
   * Behind a convolution, or a dense layer with a scale for each output: the ratio of scales in
   * double precision, from left to right. TFLite {@code PopulateConvolutionQuantizationParams}.
   */
  static Requantize inDouble(
      Quantization input,
      Quantization weights,
      Quantization output,
      Activation activation,
      int axis) {
    List<Requantization> channels = new ArrayList<>();
    for (float scale : weights.scales()) {
      double real = (double) input.scale(0) * scale / output.scale(0);
      channels.add(layer(real, output, activation));
    }
    return new Requantize(channels, axis, output.type());
  }

  /**
   * Behind a dense layer with one scale, and behind uint8 convolutions: the product of the scales
   * is rounded to float32 first. TFLite {@code GetQuantizedConvolutionMultipler}.
   */
  static Requantize inFloat(
      Quantization input, Quantization weights, Quantization output, Activation activation) {
    float product = input.scale(0) * weights.scale(0);
    double real = (double) product / output.scale(0);
    return new Requantize(List.of(layer(real, output, activation)), 0, output.type());
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
    return new Requantization.FixedPoint(
        inputZeroPoint, multiplier, output.zeroPoint(0), range.low(), range.high());
  }

  private static Requantization layer(double real, Quantization output, Activation activation) {
    return fixedPoint(0, QuantizedMultiplier.of(real), output, activation);
  }
}
