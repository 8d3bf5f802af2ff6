// SPDX-License-Identifier: Apache-2.0
package dev.etch.tensor;

/** An immutable tensor: type and row-major data. */
public sealed interface Tensor permits IntegerTensor, FloatTensor {
  /** Element type and shape. */
  TensorType type();

  /** Extents. */
  default Shape shape() {
    return type().shape();
  }

  /** The same data under another shape with equally many elements. */
  Tensor reshape(Shape shape);
}
