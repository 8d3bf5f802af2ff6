// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The rows of {@code etch bench --estimates} as a Markdown table, with the residuals below it. */
final class EstimateTable {
  private static final String HEAD =
      "| design | LUT (estimate) | off by | memory blocks (estimate) | DSP (estimate) | furthest part:"
          + " LUT (estimate) |\n"
          + "| --- | ---: | ---: | ---: | ---: | --- |\n";

  private EstimateTable() {}

  /** The whole text, without a line feed at the end. */
  static String markdown(List<EstimateBench.Row> rows) {
    StringBuilder text = new StringBuilder(HEAD);
    rows.forEach(row -> text.append(line(row)).append('\n'));
    List<Double> residuals = rows.stream().map(EstimateBench.Row::residual).sorted().toList();
    text.append(
        String.format(
            Locale.ROOT,
            "%n%d designs on %s: LUTs off by %s at least, %s in the middle, %s at most; memory"
                + " blocks exact in %d, DSP blocks in %d.",
            rows.size(),
            rows.get(0).areas().target(),
            percent(residuals.get(0)),
            percent(residuals.get(residuals.size() / 2)),
            percent(residuals.get(residuals.size() - 1)),
            rows.stream().filter(EstimateTable::hasExactBlocks).count(),
            rows.stream().filter(EstimateTable::hasExactMultipliers).count()));
    return text.toString();
  }

  /** One row. */
  static String line(EstimateBench.Row row) {
    SynthReport.Row total = row.areas().total();
    SynthReport.Row furthest =
        row.areas().units().stream()
            .max(Comparator.comparingLong(EstimateTable::difference))
            .orElse(total);
    return String.format(
        Locale.ROOT,
        "| %s, %d multipliers | %s | %s | %d (%d) | %d (%d) | %s: %s |",
        row.model(),
        row.multipliers(),
        luts(total),
        percent(row.residual()),
        total.cells().blocks(),
        total.estimate().blocks(),
        total.cells().multipliers(),
        total.estimate().multipliers(),
        furthest.name(),
        luts(furthest));
  }

  private static long difference(SynthReport.Row row) {
    return Math.abs(row.estimate().luts() - row.cells().luts());
  }

  private static String luts(SynthReport.Row row) {
    return String.format(Locale.ROOT, "%,d (%,d)", row.cells().luts(), row.estimate().luts());
  }

  private static String percent(double part) {
    return String.format(Locale.ROOT, "%+.0f %%", 100 * part);
  }

  private static boolean hasExactBlocks(EstimateBench.Row row) {
    return row.areas().total().cells().blocks() == row.areas().total().estimate().blocks();
  }

  private static boolean hasExactMultipliers(EstimateBench.Row row) {
    return row.areas().total().cells().multipliers()
        == row.areas().total().estimate().multipliers();
  }
}
