// SPDX-License-Identifier: Apache-2.0
package dev.etch.tensor;

/** IEEE 754 binary32, the only floating-point type that the graph knows. */
public enum FloatType implements ElementType {
  FLOAT32;

  @Override
  public String toString() {
    return "float32";
  }
}
