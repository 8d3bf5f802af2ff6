// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The rows of {@code etch bench} as a Markdown table. */
final class BenchTable {
  private static final String ABSENT = "–";

  private record Column(String title, Function<BenchRow, String> cell) {}

  private static final List<Column> COLUMNS =
      List.of(
          new Column("model", BenchRow::model),
          new Column("budget", row -> String.valueOf(row.budget())),
          new Column("multipliers", row -> String.valueOf(row.multipliers())),
          new Column("nonzero MACs", row -> count(row.nonzeroMacs())),
          new Column("cycles per frame", row -> count(row.cyclesPerFrame())),
          new Column(
              "measured",
              row ->
                  row.measuredCyclesPerFrame() == null
                      ? ABSENT
                      : count(row.measuredCyclesPerFrame())),
          new Column(
              "cycles x budget / nonzero MACs", row -> format("%.2f", row.cyclesOverBound())),
          new Column("busiest array", row -> format("%.1f %%", 100 * row.busiestUtilization())),
          new Column("LUT", row -> cells(row, cells -> count(cells.luts()))),
          new Column("FF", row -> cells(row, cells -> count(cells.flipFlops()))),
          new Column("DSP", row -> cells(row, cells -> count(cells.multipliers()))),
          new Column("BRAM", row -> cells(row, cells -> format("%.1f", cells.blocks()))),
          new Column(
              "cycles per frame and DSP",
              row ->
                  row.cells() == null || row.cells().multipliers() == 0
                      ? ABSENT
                      : format("%.1f", (double) row.cyclesPerFrame() / row.cells().multipliers())),
          new Column("compile s", row -> format("%.2f", row.compileSeconds())),
          new Column(
              "simulated frames/s",
              row ->
                  row.simulatedFramesPerSecond() == null
                      ? ABSENT
                      : format("%.1f", row.simulatedFramesPerSecond())),
          new Column("reference images/s", row -> rate(row.reference().imagesPerSecond())),
          new Column(
              "ONNX Runtime images/s",
              row ->
                  row.reference().onnxRuntime() == null
                      ? ABSENT
                      : rate(row.reference().onnxRuntime())),
          new Column(
              "ratio",
              row ->
                  row.reference().onnxRuntime() == null
                      ? ABSENT
                      : format(
                          "%.2f",
                          row.reference().imagesPerSecond() / row.reference().onnxRuntime())));

  private BenchTable() {}

  /** The table. */
  static String markdown(List<BenchRow> rows) {
    StringBuilder text = new StringBuilder();
    append(text, COLUMNS.stream().map(Column::title).toList());
    append(text, COLUMNS.stream().map(c -> c.title().equals("model") ? "---" : "---:").toList());
    for (BenchRow row : rows) {
      append(text, COLUMNS.stream().map(column -> column.cell().apply(row)).toList());
    }
    return text.toString().stripTrailing();
  }

  private static void append(StringBuilder text, List<String> cells) {
    text.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  private static String cells(BenchRow row, Function<CellCounts, String> cell) {
    return row.cells() == null ? ABSENT : cell.apply(row.cells());
  }

  private static String count(long number) {
    return format("%,d", number);
  }

  private static String rate(double number) {
    return format("%,.0f", number);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
