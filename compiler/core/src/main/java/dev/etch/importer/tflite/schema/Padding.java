// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.schema;

/** {@code Padding} of the schema, in its order. */
public enum Padding {
  /** As many outputs as inputs, divided by the stride and rounded up. */
  SAME,
  /** No padding. */
  VALID
}
