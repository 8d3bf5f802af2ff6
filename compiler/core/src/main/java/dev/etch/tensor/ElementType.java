// SPDX-License-Identifier: Apache-2.0
package dev.etch.tensor;

/** Type of a tensor's elements. */
public sealed interface ElementType permits IntegerType, FloatType, BooleanType {

  /** Parses what {@link Object#toString} printed: {@code int8}, {@code uint4}, {@code float32}. */
  static ElementType parse(String text) {
    if (text.equals(FloatType.FLOAT32.toString())) {
      return FloatType.FLOAT32;
    }
    if (text.equals(BooleanType.BOOLEAN.toString())) {
      return BooleanType.BOOLEAN;
    }
    return IntegerType.parse(text);
  }
}
