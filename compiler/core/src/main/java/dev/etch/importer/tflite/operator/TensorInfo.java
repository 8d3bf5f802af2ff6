// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.Refusal;
import dev.etch.importer.tflite.schema.QuantizationParameters;
import dev.etch.op.Quantization;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * What a file says of a tensor, checked.
 *
 * @param name for people, not unique
 * @param type element type and shape
 * @param parameters how integers stand for real numbers
 */
record TensorInfo(String name, TensorType type, Optional<QuantizationParameters> parameters) {

  /** Extents. */
  Shape shape() {
    return type.shape();
  }

  /** The element type, which must be an integer. */
  IntegerType integers() {
    if (type.element() instanceof IntegerType integer) {
      return integer;
    }
    throw new Refusal(
        "tensor '%s' is %s".formatted(name, type.element()),
        "quantize the whole model: this operator is supported on integers");
  }

  /** Whether it has a scale. */
  boolean isQuantized() {
    return parameters.filter(p -> !p.scales().isEmpty()).isPresent();
  }

  /** Scale, zero point and type of an activation, which has one scale. */
  Quantization perTensor() {
    Quantization quantization = quantization();
    if (!quantization.isPerTensor()) {
      throw new Refusal(
          "tensor '%s' has %d scales".formatted(name, quantization.scales().size()),
          "activations have one scale");
    }
    return quantization;
  }

  /** Scales and zero points, of the tensor or of each channel. */
  Quantization quantization() {
    IntegerType integers = integers();
    List<Float> scales = parameters.map(QuantizationParameters::scales).orElse(List.of());
    if (scales.isEmpty()) {
      throw new Refusal("tensor '" + name + "' has no scale", "convert the model again");
    }
    if (parameters.map(QuantizationParameters::detailsType).orElse(0) != 0) {
      throw new Refusal(
          "tensor '" + name + "' is quantized in blocks or by a custom scheme",
          "quantize it per tensor or per channel");
    }
    int axis = scales.size() == 1 ? 0 : channelAxis(scales.size());
    return new Quantization(integers, scales, zeroPoints(scales.size()), axis);
  }

  /** The numbers that its integers stand for. */
  FloatTensor reals(IntegerTensor integers) {
    Quantization quantization = quantization();
    int behind = 1;
    for (int axis = quantization.axis() + 1; axis < shape().rank(); axis++) {
      behind *= shape().dimension(axis);
    }
    int channels = quantization.scales().size();
    float[] reals = new float[integers.data().length];
    for (int i = 0; i < reals.length; i++) {
      reals[i] = quantization.dequantize(integers.data()[i], i / behind % channels);
    }
    return FloatTensor.of(shape(), reals);
  }

  private int channelAxis(int channels) {
    int axis = parameters.map(QuantizationParameters::axis).orElse(0);
    if (axis < 0 || axis >= shape().rank() || shape().dimension(axis) != channels) {
      throw new Refusal(
          "tensor '%s', %s, has %d scales on axis %d".formatted(name, type, channels, axis),
          "one scale for the tensor or one a channel");
    }
    return axis;
  }

  private List<Integer> zeroPoints(int count) {
    List<Long> stored = parameters.map(QuantizationParameters::zeroPoints).orElse(List.of());
    if (stored.isEmpty()) {
      return java.util.Collections.nCopies(count, 0);
    }
    if (stored.size() != count || stored.stream().anyMatch(z -> z != z.intValue())) {
      throw new Refusal(
          "tensor '%s' has %d zero points for %d scales".formatted(name, stored.size(), count), "");
    }
    return stored.stream().map(Long::intValue).toList();
  }
}
