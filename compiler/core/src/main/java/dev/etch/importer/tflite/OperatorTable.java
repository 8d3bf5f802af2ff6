// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite;

import dev.etch.importer.tflite.operator.FloatOperatorRegistry;
import dev.etch.importer.tflite.operator.OperatorReader;
import dev.etch.importer.tflite.operator.OperatorRegistry;
import dev.etch.importer.tflite.schema.BuiltinOperator;

/** The table of TFLite operators for the documentation, made from the registry. */
public final class OperatorTable {
  private OperatorTable() {}

  /** The table as markdown, one line an operator; ends with a line break. */
  public static String markdown() {
    StringBuilder table =
        new StringBuilder(
            "| TFLite operator | notes | of floats, for compression |\n| --- | --- | --- |\n");
    OperatorRegistry.all().entrySet().stream()
        .sorted((a, b) -> a.getKey().name().compareTo(b.getKey().name()))
        .forEach(
            e ->
                table
                    .append("| ")
                    .append(e.getKey())
                    .append(" | ")
                    .append(e.getValue().notes())
                    .append(" | ")
                    .append(floats(e.getKey()))
                    .append(" |\n"));
    return table.toString();
  }

  private static String floats(BuiltinOperator operator) {
    return FloatOperatorRegistry.reader(operator).map(OperatorReader::notes).orElse("-");
  }
}
