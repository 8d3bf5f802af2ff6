// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.op.Quantization;
import dev.etch.op.requantization.ExactAccumulation;
import dev.etch.op.requantization.FloatAccumulation;
import dev.etch.op.requantization.Requantization;
import dev.etch.optimize.integer.KernelSelection.Kernel;
import dev.etch.tensor.IntegerType;
import java.util.List;

/**
 * The quantization that a value gets, with the clamps of the activations on the way.
 *
 * @param node the Quantize, or the node that stands in for it; new nodes take its name
 * @param quantization per tensor
 * @param low smallest integer that is left by the clamps
 * @param high largest integer
 * @param kernel computes what is quantized
 */
record Target(Node node, Quantization quantization, int low, int high, Kernel kernel) {

  private static final int TO_UINT8 = 128;
  private static final int FEW_BITS = 8;

  static Target of(Node node, Quantization quantization, Kernel kernel) {
    return new Target(
        node,
        quantization,
        (int) quantization.type().minimum(),
        (int) quantization.type().maximum(),
        kernel);
  }

  float scale() {
    return quantization.scale(0);
  }

  int zeroPoint() {
    return quantization.zeroPoint(0);
  }

  /** The integer that {@code real} becomes: the definition of Quantize. */
  int quantize(float real) {
    double rounded = Math.rint(real / scale()) + zeroPoint();
    return (int) Math.max(low, Math.min(high, rounded));
  }

  /** Quantize never decreases, so it may be exchanged with a clamp of the float value. */
  Target clampedTo(float minimum, float maximum) {
    return new Target(node, quantization, quantize(minimum), quantize(maximum), kernel);
  }

  /** What the kernel adds to integers of {@code type}: it moves int8 to uint8. */
  int move(IntegerType type) {
    return kernel == Kernel.MOVED_TO_UINT8 && type.equals(IntegerType.INT8) ? TO_UINT8 : 0;
  }

  boolean isInFloat() {
    return kernel == Kernel.FLOAT;
  }

  /** What a mean becomes that ONNX Runtime computes in float32. */
  Requantization floatMean(float inputScale, int count) {
    FloatAccumulation mean =
        new FloatAccumulation(inputScale, 1, 0, count, scale(), zeroPoint(), low, high);
    return isFine() ? ExactAccumulation.of(List.of(mean)).get(0) : mean;
  }

  /** Whether there are so many levels that no search of a hardware form looks at each. */
  boolean isFine() {
    return quantization.type().bits() > FEW_BITS;
  }

  boolean isClamped() {
    return low != quantization.type().minimum() || high != quantization.type().maximum();
  }
}
