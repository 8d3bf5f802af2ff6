// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.schema;

/**
 * {@code OperatorCode} of the schema.
 *
 * @param builtin number of the operator in {@code BuiltinOperator}
 * @param customName name of a custom operator; else empty
 */
public record OperatorCode(int builtin, String customName) {
  private static final int DEPRECATED_BUILTIN = 0;
  private static final int CUSTOM = 1;
  private static final int BUILTIN = 3;

  static OperatorCode of(FlatTable table) {
    // Old files have the number in a byte, new ones in both or, above 127, in the int.
    int builtin = Math.max(table.int8(DEPRECATED_BUILTIN, 0), table.int32(BUILTIN, 0));
    return new OperatorCode(builtin, table.text(CUSTOM));
  }
}
