// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** The rows of {@code etch bench --route} as a Markdown table, with the longest paths below it. */
final class RouteTable {
  private static final String HEAD =
      "| design | device | Fmax MHz: minimum, median, maximum | LUT | FF | DSP | BRAM |"
          + " cycles per frame | frames/s at the median |\n"
          + "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n";

  private RouteTable() {}

  /** The whole text, without a line feed at the end. */
  static String markdown(List<RouteBench.Row> rows) {
    StringBuilder text = new StringBuilder(HEAD);
    rows.forEach(row -> text.append(line(row)).append('\n'));
    text.append("\nThe longest paths of the seed in the middle:\n\n");
    for (RouteBench.Row row : rows) {
      text.append("- ").append(design(row)).append(", ").append(row.route().device()).append('\n');
      middle(row.route()).longestPaths().forEach(p -> text.append("  - ").append(p).append('\n'));
    }
    TreeSet<String> tools = new TreeSet<>();
    rows.forEach(row -> tools.addAll(row.route().tools()));
    text.append("\nBy ").append(String.join(", ", tools)).append('.');
    return text.toString();
  }

  /** One row. */
  static String line(RouteBench.Row row) {
    SynthReport.Route route = row.route();
    CellCounts cells = row.cells();
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %,d | %,d | %d | %.1f | %,d | %s |",
        design(row),
        route.device() + ", " + route.speedGrade(),
        clocks(route),
        cells.luts(),
        cells.flipFlops(),
        cells.multipliers(),
        cells.blocks(),
        row.cyclesPerFrame(),
        rate(row));
  }

  private static String design(RouteBench.Row row) {
    return row.model() + ", " + row.multipliers() + " multipliers";
  }

  private static String rate(RouteBench.Row row) {
    SynthReport.Spread fmax = row.route().fmaxMHz();
    return fmax == null
        ? "–"
        : String.format(Locale.ROOT, "%,.0f", fmax.median() * 1e6 / row.cyclesPerFrame());
  }

  private static String clocks(SynthReport.Route route) {
    return route.fmaxMHz() == null
        ? route.seeds().get(0).problem()
        : String.format(
            Locale.ROOT,
            "%.1f, %.1f, %.1f (%s, aiming at %.0f)",
            route.fmaxMHz().minimum(),
            route.fmaxMHz().median(),
            route.fmaxMHz().maximum(),
            seeds(route),
            route.clockMHz());
  }

  private static String seeds(SynthReport.Route route) {
    return route.seeds().size() == 1 ? "1 seed" : route.seeds().size() + " seeds";
  }

  /** The seed that reached the median; the first if none was routed. */
  private static SynthReport.Seed middle(SynthReport.Route route) {
    return route.seeds().stream()
        .filter(s -> s.fmaxMHz() != null && s.fmaxMHz().equals(route.fmaxMHz().median()))
        .findFirst()
        .orElse(route.seeds().get(0));
  }
}
