// SPDX-License-Identifier: Apache-2.0
package dev.etch.tensor;

import java.util.Arrays;

/** Float32 numbers, row-major. The array is not copied: whoever makes the tensor gives it up. */
public record FloatTensor(TensorType type, float[] data) implements Tensor {
  public FloatTensor {
    if (!type.isFloat()) {
      throw new IllegalArgumentException("float data for " + type);
    }
    if (data.length != type.shape().elements()) {
      throw new IllegalArgumentException(data.length + " elements for " + type);
    }
  }

  /** A tensor of the given shape. */
  public static FloatTensor of(Shape shape, float... data) {
    return new FloatTensor(new TensorType(FloatType.FLOAT32, shape), data);
  }

  @Override
  public FloatTensor reshape(Shape shape) {
    return new FloatTensor(new TensorType(type.element(), shape), data);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FloatTensor t && type.equals(t.type) && Arrays.equals(data, t.data);
  }

  @Override
  public int hashCode() {
    return 31 * type.hashCode() + Arrays.hashCode(data);
  }

  @Override
  public String toString() {
    return type.toString();
  }
}
