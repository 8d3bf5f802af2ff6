// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.mutation;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A netlist in Yosys' RTLIL whose modules emit zeros on a stream that is not valid: what it carries
 * then makes no difference, and should make none to a proof.
 */
final class MaskedPayloads {
  private static final Pattern MODULE = Pattern.compile("(?ms)^module \\\\(\\S+)$.*?^end$");
  private static final Pattern VALID = Pattern.compile("(?m)^  wire output \\d+ \\\\(\\S+)_valid$");
  private static final Pattern PAYLOAD =
      Pattern.compile(
          "(?m)^  wire (?:width (\\d+) )?(output \\d+ )(\\\\(\\S+?)_payload(?:_\\S+)?)$");
  private static final String EMITTED = "$emitted";

  private MaskedPayloads() {}

  /** The netlist with masks; cells and ports keep their names. */
  static String of(String rtlil) {
    return MODULE
        .matcher(rtlil)
        .replaceAll(module -> Matcher.quoteReplacement(masked(module.group())));
  }

  private static String masked(String module) {
    Set<String> streams =
        VALID.matcher(module).results().map(m -> m.group(1)).collect(Collectors.toSet());
    List<Port> ports =
        PAYLOAD
            .matcher(module)
            .results()
            .filter(m -> streams.contains(m.group(4)))
            .map(m -> new Port(m.group(3), m.group(4), m.group(2), width(m.group(1))))
            .toList();
    String all = module;
    for (Port port : ports) {
      all = port.masked(all);
    }
    return all;
  }

  private static int width(String text) {
    return text == null ? 1 : Integer.parseInt(text);
  }

  /**
   * A payload that leaves a module.
   *
   * @param wire its name, with the backslash in front
   * @param direction as its declaration says it
   */
  private record Port(String wire, String stream, String direction, int width) {
    String masked(String module) {
      Pattern use = Pattern.compile("(?<!\\S)" + Pattern.quote(wire) + "(?!\\S)");
      String emitted = Matcher.quoteReplacement(wire + EMITTED);
      String declaration = "  wire " + (width == 1 ? "" : "width " + width + " ");
      List<String> lines = new ArrayList<>();
      for (String line : module.split("\n")) {
        if (line.equals(declaration + direction + wire)) {
          lines.add(line);
          lines.add(declaration + wire + EMITTED);
        } else {
          lines.add(use.matcher(line).replaceAll(emitted));
        }
      }
      lines.remove(lines.size() - 1);
      lines.addAll(mask());
      lines.add("end");
      return String.join("\n", lines);
    }

    private List<String> mask() {
      String valid = " \\" + stream + "_valid";
      return List.of(
          "  cell $and $masked$" + wire.substring(1),
          "    parameter \\A_SIGNED 0",
          "    parameter \\B_SIGNED 0",
          "    parameter \\A_WIDTH " + width,
          "    parameter \\B_WIDTH " + width,
          "    parameter \\Y_WIDTH " + width,
          "    connect \\A " + wire + EMITTED,
          "    connect \\B {" + valid.repeat(width) + " }",
          "    connect \\Y " + wire,
          "  end");
    }
  }
}
