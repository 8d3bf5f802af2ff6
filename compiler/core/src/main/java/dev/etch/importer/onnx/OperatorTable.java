// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx;

import dev.etch.importer.onnx.operator.OperatorRegistry;

/** The table of ONNX operators for the README, made from the registry. */
public final class OperatorTable {
  private OperatorTable() {}

  /** The table as markdown, one line an operator; ends with a line break. */
  public static String markdown() {
    StringBuilder table =
        new StringBuilder("| ONNX operator | domain | notes |\n| --- | --- | --- |\n");
    for (OperatorRegistry.Entry entry : OperatorRegistry.entries()) {
      String domain = entry.domain().isEmpty() ? "ai.onnx" : entry.domain();
      table.append("| ").append(entry.operator()).append(" | ").append(domain).append(" | ");
      table.append(entry.reader().notes()).append(" |\n");
    }
    return table.toString();
  }
}
