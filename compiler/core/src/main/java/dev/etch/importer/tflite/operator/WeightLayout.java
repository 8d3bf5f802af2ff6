// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.Refusal;
import dev.etch.op.Quantization;
import dev.etch.tensor.FloatTensor;
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
    return moved(stored, convolution(stored.shape()), zeroPoint);
  }

  /** The same for floats. */
  static FloatTensor ofConvolution(FloatTensor stored) {
    return moved(stored, convolution(stored.shape()));
  }

  /** [1, rows, columns, outputs] to [outputs, 1, rows, columns]. */
  static IntegerTensor ofDepthwise(IntegerTensor stored, int zeroPoint) {
    return moved(stored, depthwise(stored.shape()), zeroPoint);
  }

  /** The same for floats. */
  static FloatTensor ofDepthwise(FloatTensor stored) {
    return moved(stored, depthwise(stored.shape()));
  }

  /** A shape, and for each element the place where it is stored. */
  private record Moves(Shape shape, int... from) {}

  private static Moves convolution(Shape stored) {
    requireRank4(stored);
    int places = stored.dimension(1) * stored.dimension(2);
    int inputs = stored.dimension(3);
    int[] from = new int[stored.elements()];
    for (int to = 0; to < from.length; to++) {
      int output = to / (inputs * places);
      int input = to / places % inputs;
      from[to] = (output * places + to % places) * inputs + input;
    }
    return new Moves(
        Shape.of(stored.dimension(0), inputs, stored.dimension(1), stored.dimension(2)), from);
  }

  private static Moves depthwise(Shape stored) {
    requireRank4(stored);
    if (stored.dimension(0) != 1) {
      throw new Refusal(
          "its weights have shape " + stored, "they must be [1, rows, columns, outputs]");
    }
    int places = stored.dimension(1) * stored.dimension(2);
    int outputs = stored.dimension(3);
    int[] from = new int[stored.elements()];
    for (int to = 0; to < from.length; to++) {
      from[to] = to % places * outputs + to / places;
    }
    return new Moves(Shape.of(outputs, 1, stored.dimension(1), stored.dimension(2)), from);
  }

  private static IntegerTensor moved(IntegerTensor stored, Moves moves, int zeroPoint) {
    int[] data = Arrays.stream(moves.from()).map(from -> stored.data()[from]).toArray();
    return withoutZeroPoint(stored, moves.shape(), data, zeroPoint);
  }

  private static FloatTensor moved(FloatTensor stored, Moves moves) {
    float[] data = new float[moves.from().length];
    for (int to = 0; to < data.length; to++) {
      data[to] = stored.data()[moves.from()[to]];
    }
    return FloatTensor.of(moves.shape(), data);
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

  private static void requireRank4(Shape stored) {
    if (stored.rank() != 4) {
      throw new Refusal("its weights have shape " + stored, "they must have 4 axes");
    }
  }
}
