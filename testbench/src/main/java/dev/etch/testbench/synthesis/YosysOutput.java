// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.synthesis;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what Yosys' {@code stat} prints. */
final class YosysOutput {
  private static final Pattern MODULE = Pattern.compile("=== (\\S+) ===");
  private static final Pattern CELL = Pattern.compile("\\s+(\\S+)\\s+(\\d+)");

  private YosysOutput() {}

  /** The cells of the modules in {@code text}, in its order, without those of modules in them. */
  static Map<String, Cells> parse(String text, CellKinds kinds) {
    Map<String, Cells> modules = new LinkedHashMap<>();
    String current = null;
    for (String line : text.split("\\R", -1)) {
      Matcher module = MODULE.matcher(line);
      Matcher cell = CELL.matcher(line);
      if (module.matches()) {
        current = module.group(1);
        modules.put(current, Cells.NONE);
      } else if (line.startsWith("===")) {
        // the sum over the hierarchy
        current = null;
      } else if (current != null && cell.matches()) {
        Cells more = kinds.each(cell.group(1)).times(Long.parseLong(cell.group(2)));
        modules.merge(current, more, Cells::plus);
      }
    }
    return modules;
  }
}
