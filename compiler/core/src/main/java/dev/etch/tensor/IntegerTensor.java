// SPDX-License-Identifier: Apache-2.0
package dev.etch.tensor;

import java.util.Arrays;

/**
 * Exact integers (or booleans as 0 and 1), row-major. Values are held in 32 bits: wider element
 * types are allowed (ONNX indexes are int64) as long as the values themselves fit.
 *
 * <p>The array is not copied: whoever makes the tensor gives the array up.
 */
public record IntegerTensor(TensorType type, int[] data) implements Tensor {
  public IntegerTensor {
    if (type.isFloat()) {
      throw new IllegalArgumentException("integer data for " + type);
    }
    if (data.length != type.shape().elements()) {
      throw new IllegalArgumentException(data.length + " elements for " + type);
    }
    checkRange(type.element(), data);
  }

  private static void checkRange(ElementType element, int[] data) {
    long low = element instanceof IntegerType t ? t.minimum() : 0;
    long high = element instanceof IntegerType t ? t.maximum() : 1;
    if (low <= Integer.MIN_VALUE && high >= Integer.MAX_VALUE) {
      return;
    }
    for (int value : data) {
      if (value < low || value > high) {
        throw new IllegalArgumentException("value " + value + " is not of type " + element);
      }
    }
  }

  /** A tensor of the given element type and shape. */
  public static IntegerTensor of(ElementType element, Shape shape, int... data) {
    return new IntegerTensor(new TensorType(element, shape), data);
  }

  @Override
  public IntegerTensor reshape(Shape shape) {
    return new IntegerTensor(new TensorType(type.element(), shape), data);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IntegerTensor t && type.equals(t.type) && Arrays.equals(data, t.data);
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
