// SPDX-License-Identifier: Apache-2.0
package dev.etch.tensor;

/** Truth values. */
public enum BooleanType implements ElementType {
  BOOLEAN;

  @Override
  public String toString() {
    return "bool";
  }
}
