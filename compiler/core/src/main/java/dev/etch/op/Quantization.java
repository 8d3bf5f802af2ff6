// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.diagnostic.OperatorException;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import java.util.List;

/**
 * Affine quantization: {@code real = (integer - zeroPoint) * scale}.
 *
 * @param type the integers
 * @param scales one for the tensor or one a channel; finite and above 0
 * @param zeroPoints as many as scales, each of {@code type}
 * @param axis the channels' axis; meaningless for a per-tensor quantization, then 0
 */
public record Quantization(
    IntegerType type, List<Float> scales, List<Integer> zeroPoints, int axis) {
  public Quantization {
    scales = List.copyOf(scales);
    zeroPoints = List.copyOf(zeroPoints);
    if (scales.isEmpty() || scales.size() != zeroPoints.size()) {
      throw new OperatorException(
          scales.size() + " scales with " + zeroPoints.size() + " zero points", "");
    }
    for (float scale : scales) {
      if (!(scale > 0) || Float.isInfinite(scale)) {
        throw new OperatorException("scale " + scale + " is not finite and above 0", "");
      }
    }
    for (int zeroPoint : zeroPoints) {
      if (!type.contains(zeroPoint)) {
        throw new OperatorException("zero point " + zeroPoint + " is not of type " + type, "");
      }
    }
  }

  /** One scale and zero point for the whole tensor. */
  public static Quantization perTensor(IntegerType type, float scale, int zeroPoint) {
    return new Quantization(type, List.of(scale), List.of(zeroPoint), 0);
  }

  /** Whether one scale serves the whole tensor. */
  public boolean isPerTensor() {
    return scales.size() == 1;
  }

  /** Complains unless an operand has as many channels as there are scales. */
  void check(Operands operands, int index) {
    if (isPerTensor()) {
      return;
    }
    operands.axis(index, axis);
    if (operands.any(index).shape().dimension(axis) != scales.size()) {
      throw operands.misfit(
          index,
          "does not have " + scales.size() + " channels on axis " + axis,
          "one scale for the tensor or one a channel");
    }
  }

  /** Row-major distance between neighbouring channels. */
  int stride(Shape shape) {
    return isPerTensor() ? 1 : shape.strides()[axis];
  }

  /** The number that an integer stands for: {@code (integer - zeroPoint) * scale} in float32. */
  public float dequantize(int integer, int channel) {
    return (float) (integer - (long) zeroPoint(channel)) * scale(channel);
  }

  /** {@code saturate(roundHalfEven(number / scale) + zeroPoint)}; the smallest integer for NaN. */
  public int quantize(float number, int channel) {
    double rounded = Math.rint(number / scale(channel)) + zeroPoint(channel);
    double low = type.minimum();
    return Double.isNaN(rounded)
        ? (int) low
        : (int) Math.max(low, Math.min(type.maximum(), rounded));
  }

  /** Scale of a channel. */
  public float scale(int channel) {
    return scales.get(isPerTensor() ? 0 : channel);
  }

  /** Zero point of a channel. */
  public int zeroPoint(int channel) {
    return zeroPoints.get(isPerTensor() ? 0 : channel);
  }
}
