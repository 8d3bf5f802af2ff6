// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.synthesis;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what Yosys' {@code stat} and {@code ltp} print. */
final class YosysOutput {
  private static final Pattern MODULE = Pattern.compile("=== (\\S+) ===");
  private static final Pattern CELL = Pattern.compile("\\s+(\\S+)\\s+(\\d+)");
  private static final Pattern PATH =
      Pattern.compile("Longest topological path in (\\S+) \\(length=(-?\\d+)\\):");
  private static final Pattern HOP = Pattern.compile("\\s+\\d+: (\\S.*?)(?: \\(via .*\\))?");

  private final Map<String, Module> modules = new LinkedHashMap<>();

  /**
   * A module.
   *
   * @param cells without those of the modules in it
   * @param path cells on the longest combinational path
   * @param from the net where the path starts, empty if there is none
   * @param to the net where it ends
   */
  record Module(Cells cells, int path, String from, String to) {}

  private YosysOutput() {}

  /** The modules in {@code text}, in its order. */
  static Map<String, Module> parse(String text, CellKinds kinds) {
    YosysOutput output = new YosysOutput();
    String current = null;
    String path = null;
    for (String line : text.split("\\R", -1)) {
      Matcher module = MODULE.matcher(line);
      Matcher cell = CELL.matcher(line);
      Matcher longest = PATH.matcher(line);
      Matcher hop = HOP.matcher(line);
      if (module.matches()) {
        current = module.group(1);
        path = null;
        output.modules.put(current, new Module(Cells.NONE, 0, "", ""));
      } else if (line.startsWith("===")) {
        // the sum over the hierarchy
        current = null;
      } else if (longest.matches()) {
        path = longest.group(1);
        current = null;
        output.length(path, Math.max(0, Integer.parseInt(longest.group(2))));
      } else if (path != null && hop.matches()) {
        output.hop(path, hop.group(1));
      } else if (current != null && cell.matches()) {
        output.count(current, kinds.each(cell.group(1)).times(Long.parseLong(cell.group(2))));
      }
    }
    return output.modules;
  }

  private void count(String name, Cells cells) {
    modules.computeIfPresent(
        name, (n, m) -> new Module(m.cells().plus(cells), m.path(), m.from(), m.to()));
  }

  private void length(String name, int length) {
    modules.computeIfPresent(name, (n, m) -> new Module(m.cells(), length, "", ""));
  }

  private void hop(String name, String net) {
    modules.computeIfPresent(
        name,
        (n, m) ->
            new Module(
                m.cells(), m.path(), m.from().isEmpty() ? plain(net) : m.from(), plain(net)));
  }

  /** A name as the Verilog has it; those that Yosys made keep their dollar sign. */
  private static String plain(String net) {
    return (net.startsWith("\\") ? net.substring(1) : net).replace(" [", "[");
  }
}
