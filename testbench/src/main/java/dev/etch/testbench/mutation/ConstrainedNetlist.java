// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.mutation;

import dev.etch.exact.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A netlist in Yosys' RTLIL whose readers see nothing outside a wire's {@link ReachableRange}: an
 * element that leaves it is replaced by the range's lower end. So a proof need not hold for values
 * that never come, and the design is the same for all that do.
 */
final class ConstrainedNetlist {
  private static final Pattern MODULE = Pattern.compile("(?ms)^module \\\\(\\S+)$.*?^end$");
  private static final String SEEN = "$reachable";

  /** Cells whose names do not begin with a dollar sign are instances to Yosys. */
  private static final String CELL = "$reachable$";

  private final Map<String, List<ReachableRange>> ranges;

  /** Netlists with these ranges; each names a module and a wire that exist. */
  ConstrainedNetlist(List<ReachableRange> ranges) {
    this.ranges = ranges.stream().collect(Collectors.groupingBy(ReachableRange::module));
  }

  /**
   * The constrained netlist.
   *
   * @throws IllegalStateException if there is no such module, or no such wire in it
   */
  String of(String rtlil) {
    Set<String> known =
        MODULE.matcher(rtlil).results().map(m -> m.group(1)).collect(Collectors.toSet());
    if (!known.containsAll(ranges.keySet())) {
      throw new IllegalStateException("one of these is no module: " + ranges.keySet());
    }
    return MODULE
        .matcher(rtlil)
        .replaceAll(
            module ->
                Matcher.quoteReplacement(
                    ranges.getOrDefault(module.group(1), List.of()).stream()
                        .reduce(module.group(), ConstrainedNetlist::constrained, (a, b) -> b)));
  }

  private static String constrained(String module, ReachableRange range) {
    String wire = "\\" + range.wire();
    Matcher declared =
        Pattern.compile("(?m)^  wire (width (\\d+) )?.*" + Pattern.quote(wire) + "$")
            .matcher(module);
    if (!declared.find()) {
      throw new IllegalStateException(range.module() + " has no wire " + range.wire());
    }
    int width = declared.group(2) == null ? 1 : Integer.parseInt(declared.group(2));
    if (width % range.elementBits() != 0) {
      throw new IllegalStateException(range.wire() + " does not carry whole elements");
    }
    Pattern use = Pattern.compile("(?<!\\S)" + Pattern.quote(wire) + "(?!\\S)");
    String seen = Matcher.quoteReplacement(wire + SEEN);
    List<String> lines = new ArrayList<>();
    for (String line : module.split("\n")) {
      lines.add(drives(line, wire) ? line : use.matcher(line).replaceAll(seen));
      if (line.equals(declared.group())) {
        lines.addAll(wires(range, wire, width));
      }
    }
    lines.remove(lines.size() - 1);
    lines.addAll(limiter(range, wire, width));
    lines.add("end");
    return String.join("\n", lines);
  }

  /** Whether the line declares the wire, or says what drives it. */
  private static boolean drives(String line, String wire) {
    String word = line.strip();
    return word.startsWith("wire ")
        || word.equals("connect \\Q " + wire)
        || word.equals("connect \\Y " + wire);
  }

  private static List<String> wires(ReachableRange range, String wire, int width) {
    List<String> lines = new ArrayList<>(List.of("  wire width " + width + " " + wire + SEEN));
    for (int from = 0; from < width; from += range.elementBits()) {
      String name = wire + SEEN + from;
      lines.addAll(
          List.of("  wire " + name + "ge", "  wire " + name + "le", "  wire " + name + "in"));
    }
    return lines;
  }

  private static List<String> limiter(ReachableRange range, String wire, int width) {
    int bits = range.elementBits();
    List<String> lines = new ArrayList<>();
    for (int from = 0; from < width; from += bits) {
      String place = " [" + (from + bits - 1) + ":" + from + "]";
      String element = width == 1 ? wire : wire + place;
      String name = wire + SEEN + from;
      Interval interval = range.interval(from / bits);
      lines.addAll(compare("ge", name, element, range, interval.low()));
      lines.addAll(compare("le", name, element, range, interval.high()));
      lines.addAll(
          List.of(
              "  cell $and " + CELL + name.substring(1) + "and",
              "    parameter \\A_SIGNED 0",
              "    parameter \\B_SIGNED 0",
              "    parameter \\A_WIDTH 1",
              "    parameter \\B_WIDTH 1",
              "    parameter \\Y_WIDTH 1",
              "    connect \\A " + name + "ge",
              "    connect \\B " + name + "le",
              "    connect \\Y " + name + "in",
              "  end",
              "  cell $mux " + CELL + name.substring(1) + "mux",
              "    parameter \\WIDTH " + bits,
              "    connect \\A " + constant(interval.low(), bits),
              "    connect \\B " + element,
              "    connect \\S " + name + "in",
              "    connect \\Y " + (width == 1 ? wire + SEEN : wire + SEEN + place),
              "  end"));
    }
    return lines;
  }

  private static List<String> compare(
      String kind, String name, String element, ReachableRange range, long bound) {
    int sign = range.signed() ? 1 : 0;
    return List.of(
        "  cell $" + kind + " " + CELL + name.substring(1) + kind,
        "    parameter \\A_SIGNED " + sign,
        "    parameter \\B_SIGNED " + sign,
        "    parameter \\A_WIDTH " + range.elementBits(),
        "    parameter \\B_WIDTH " + range.elementBits(),
        "    parameter \\Y_WIDTH 1",
        "    connect \\A " + element,
        "    connect \\B " + constant(bound, range.elementBits()),
        "    connect \\Y " + name + kind,
        "  end");
  }

  private static String constant(long value, int bits) {
    StringBuilder text = new StringBuilder(bits + "'");
    for (int bit = bits - 1; bit >= 0; bit--) {
      text.append(value >> Math.min(bit, 63) & 1);
    }
    return text.toString();
  }
}
