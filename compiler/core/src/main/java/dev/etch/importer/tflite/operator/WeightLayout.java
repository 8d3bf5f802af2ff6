// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.Refusal;
import dev.etch.op.Quantization;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import java.util.Arrays;

/**
 * Brings stored weights into the graph's order, without their zero point: signed then, and one bit
 * wider only if some value needs it.
 */
final class WeightLayout {
  private WeightLayout() {}

  /** [outputs, rows, columns, inputs / groups] to [outputs, inputs / groups, rows, columns]. */
  static IntegerTensor ofConvolution(IntegerTensor stored, int zeroPoint) {
    Shape s = rank4(stored);
    int outputs = s.dimension(0);
    int rows = s.dimension(1);
    int columns = s.dimension(2);
    int inputs = s.dimension(3);
    int[] data = new int[s.elements()];
    int to = 0;
    for (int o = 0; o < outputs; o++) {
      for (int i = 0; i < inputs; i++) {
        for (int place = 0; place < rows * columns; place++) {
          data[to++] = stored.data()[(o * rows * columns + place) * inputs + i];
        }
      }
    }
    return withoutZeroPoint(stored, Shape.of(outputs, inputs, rows, columns), data, zeroPoint);
  }

  /** [1, rows, columns, outputs] to [outputs, 1, rows, columns]. */
  static IntegerTensor ofDepthwise(IntegerTensor stored, int zeroPoint) {
    Shape s = rank4(stored);
    if (s.dimension(0) != 1) {
      throw new Refusal("its weights have shape " + s, "they must be [1, rows, columns, outputs]");
    }
    int places = s.dimension(1) * s.dimension(2);
    int outputs = s.dimension(3);
    int[] data = new int[s.elements()];
    for (int o = 0; o < outputs; o++) {
      for (int place = 0; place < places; place++) {
        data[o * places + place] = stored.data()[place * outputs + o];
      }
    }
    Shape shape = Shape.of(outputs, 1, s.dimension(1), s.dimension(2));
    return withoutZeroPoint(stored, shape, data, zeroPoint);
  }

  /** [outputs, inputs] as they are. */
  static IntegerTensor ofDense(IntegerTensor stored, int zeroPoint) {
    return withoutZeroPoint(stored, stored.shape(), stored.data().clone(), zeroPoint);
  }

  /** The zero point of weights, which have the same one in every channel. */
  static int zeroPoint(Quantization weights) {
    int zeroPoint = weights.zeroPoint(0);
    boolean isSymmetric = weights.zeroPoints().stream().allMatch(z -> z == 0);
    if (!weights.isPerTensor() && !isSymmetric) {
      throw new Refusal(
          "weights with a scale for each channel and a zero point",
          "TFLite's per-channel weights are symmetric");
    }
    return zeroPoint;
  }

  private static IntegerTensor withoutZeroPoint(
      IntegerTensor stored, Shape shape, int[] data, int zeroPoint) {
    IntegerType type = (IntegerType) stored.type().element();
    if (zeroPoint == 0) {
      return IntegerTensor.of(type, shape, data);
    }
    for (int i = 0; i < data.length; i++) {
      data[i] -= zeroPoint;
    }
    IntegerType signed = new IntegerType(type.bits(), true);
    boolean fits = Arrays.stream(data).allMatch(signed::contains);
    IntegerType wider = fits ? signed : new IntegerType(type.bits() + 1, true);
    return IntegerTensor.of(wider, shape, data);
  }

  private static Shape rank4(IntegerTensor stored) {
    if (stored.shape().rank() != 4) {
      throw new Refusal("its weights have shape " + stored.shape(), "they must have 4 axes");
    }
    return stored.shape();
  }
}
