// SPDX-License-Identifier: Apache-2.0
package dev.etch.tensor;

import java.util.Objects;

/** Element type and shape of a value. */
public record TensorType(ElementType element, Shape shape) {
  public TensorType {
    Objects.requireNonNull(element);
    Objects.requireNonNull(shape);
  }

  /** Whether the elements are integers. */
  public boolean isInteger() {
    return element instanceof IntegerType;
  }

  /** Whether the elements are floating-point numbers. */
  public boolean isFloat() {
    return element instanceof FloatType;
  }

  /** {@code int8[1, 28, 28, 1]}. */
  @Override
  public String toString() {
    return element + shape.toString();
  }
}
