// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import java.util.Random;

/** Random tensors and quantization parameters for tests. */
final class RandomTensors {
  private final Random random;

  RandomTensors(long seed) {
    random = new Random(seed);
  }

  /** Uniform over the type's values. */
  IntegerTensor integers(IntegerType type, int... shape) {
    return between(type, (int) type.minimum(), (int) type.maximum(), shape);
  }

  /** Uniform over {@code [low, high]}. */
  IntegerTensor between(IntegerType type, int low, int high, int... shape) {
    int[] data = random.ints(Shape.of(shape).elements(), low, high + 1).toArray();
    return IntegerTensor.of(type, Shape.of(shape), data);
  }

  /**
   * Weights over the whole type; int8 of 7 bits only where ONNX Runtime's products would saturate.
   */
  IntegerTensor weights(IntegerType type, int... shape) {
    return type.signed() && OnnxRuntime.saturates()
        ? between(type, -64, 63, shape)
        : integers(type, shape);
  }

  /** Normal with the given deviation. */
  FloatTensor floats(double deviation, int... shape) {
    float[] data = new float[Shape.of(shape).elements()];
    for (int i = 0; i < data.length; i++) {
      data[i] = (float) (random.nextGaussian() * deviation);
    }
    return FloatTensor.of(Shape.of(shape), data);
  }

  /** A value of the type. */
  int value(IntegerType type) {
    return between((int) type.minimum(), (int) type.maximum());
  }

  /** An integer of {@code [low, high]}. */
  int between(int low, int high) {
    return low + random.nextInt(high - low + 1);
  }

  /** A scale within a factor 2 of {@code middle}. */
  float scale(double middle) {
    return (float) (middle * Math.pow(2, random.nextDouble() * 2 - 1));
  }

  /** Several scales. */
  float[] scales(double middle, int count) {
    float[] scales = new float[count];
    for (int i = 0; i < count; i++) {
      scales[i] = scale(middle);
    }
    return scales;
  }
}
