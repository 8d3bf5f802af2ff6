// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite;

import dev.etch.importer.tflite.operator.OperatorRegistry;

/** The table of TFLite operators for the documentation, made from the registry. */
public final class OperatorTable {
  private OperatorTable() {}

  /** The table as markdown, one line an operator; ends with a line break. */
  public static String markdown() {
    StringBuilder table = new StringBuilder("| TFLite operator | notes |\n| --- | --- |\n");
    OperatorRegistry.all().entrySet().stream()
        .sorted((a, b) -> a.getKey().name().compareTo(b.getKey().name()))
        .forEach(
            e ->
                table
                    .append("| ")
                    .append(e.getKey())
                    .append(" | ")
                    .append(e.getValue().notes())
                    .append(" |\n"));
    return table.toString();
  }
}
