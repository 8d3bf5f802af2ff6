// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.synthesis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.etch.testbench.SimulationException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the report that nextpnr writes with {@code --report}: JSON, times in nanoseconds. */
final class RouteReport {
  /** The wrapper's name for the design. */
  private static final String CORE = "core.";

  /** The top module's prefix of unit instances. */
  private static final String UNIT = "unit_";

  private final JsonNode root;

  private RouteReport(JsonNode root) {
    this.root = root;
  }

  /**
   * Parses a report.
   *
   * @throws SimulationException if it is not one
   */
  static RouteReport parse(String json) {
    try {
      return new RouteReport(new ObjectMapper().readTree(json));
    } catch (IOException e) {
      throw new SimulationException(
          SimulationException.Kind.BUILD, "nextpnr's report cannot be read", e);
    }
  }

  /** The highest clock of the only clock domain. */
  Optional<Double> fmaxMegahertz() {
    for (JsonNode clock : root.path("fmax")) {
      return Optional.of(clock.path("achieved").asDouble());
    }
    return Optional.empty();
  }

  /** The longest path between two registers. */
  Optional<CriticalPath> criticalPath() {
    CriticalPath longest = null;
    for (JsonNode path : root.path("critical_paths")) {
      if (isClocked(path.path("from")) && isClocked(path.path("to"))) {
        CriticalPath found = read(path.path("path"));
        longest = longest == null || length(found) > length(longest) ? found : longest;
      }
    }
    return Optional.ofNullable(longest);
  }

  private static boolean isClocked(JsonNode end) {
    return end.asText().startsWith("posedge") || end.asText().startsWith("negedge");
  }

  private static double length(CriticalPath path) {
    return path.logicNanoseconds() + path.routingNanoseconds();
  }

  private static CriticalPath read(JsonNode segments) {
    double logic = 0;
    double routing = 0;
    List<String> cells = new ArrayList<>();
    for (JsonNode segment : segments) {
      double delay = segment.path("delay").asDouble();
      if (segment.path("type").asText().equals("routing")) {
        routing += delay;
      } else {
        logic += delay;
      }
      cells.add(segment.path("from").path("cell").asText());
      cells.add(segment.path("to").path("cell").asText());
    }
    String from = cells.isEmpty() ? "" : cells.get(0);
    String to = cells.isEmpty() ? "" : cells.get(cells.size() - 1);
    return new CriticalPath(unit(from), unit(to), place(from), place(to), logic, routing);
  }

  /** {@code conv1} of {@code core.unit_conv1.lane0_sum_TRELLIS_FF_Q}. */
  static String unit(String cell) {
    if (!cell.startsWith(CORE)) {
      return "";
    }
    String inside = cell.substring(CORE.length());
    int end = inside.indexOf('.');
    String instance = end < 0 ? "top" : inside.substring(0, end);
    return instance.startsWith(UNIT) ? instance.substring(UNIT.length()) : instance;
  }

  /** {@code lane0_sum} of the same: without what Yosys appends, which starts with a cell's type. */
  static String place(String cell) {
    String inside = cell.startsWith(CORE) ? cell.substring(CORE.length()) : cell;
    String name = inside.substring(inside.indexOf('.') + 1);
    return name.replaceFirst("_(TRELLIS_|SB_|LUT4|DFF|CCU2C|PFUMX|L6MUX21|MULT|ALU)[A-Z0-9].*", "");
  }
}
