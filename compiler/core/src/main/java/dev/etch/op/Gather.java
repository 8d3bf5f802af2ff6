// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.function.IntUnaryOperator;

/** Builds a tensor by copying elements, for the operators that only move data. */
final class Gather {
  private Gather() {}

  /** Result element i is {@code source}'s element {@code from(i)}. */
  static Tensor of(TensorType type, Tensor source, IntUnaryOperator from) {
    int elements = type.shape().elements();
    if (source instanceof FloatTensor floats) {
      float[] data = new float[elements];
      for (int i = 0; i < elements; i++) {
        data[i] = floats.data()[from.applyAsInt(i)];
      }
      return new FloatTensor(type, data);
    }
    int[] data = new int[elements];
    for (int i = 0; i < elements; i++) {
      data[i] = ((IntegerTensor) source).data()[from.applyAsInt(i)];
    }
    return new IntegerTensor(type, data);
  }

  /** Position along one axis of the row-major element {@code index}. */
  static int coordinate(int index, int stride, int extent) {
    return index / stride % extent;
  }
}
