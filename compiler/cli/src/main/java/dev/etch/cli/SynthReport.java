// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.etch.area.Area;
import dev.etch.area.DesignArea;
import dev.etch.hardware.Design;
import dev.etch.hardware.Stream;
import dev.etch.testbench.synthesis.Cells;
import dev.etch.testbench.synthesis.SynthesisResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What {@code etch synth} found; its components are the keys of {@code synth.json}.
 *
 * @param model top module
 * @param target family
 * @param units each unit and shared array, then all queues, then registers and top module
 * @param total of all
 * @param longestPath of all units
 * @param placement null if the design was not placed
 * @param shortages resources that the device has too few of
 */
@JsonPropertyOrder({"model", "target", "units", "total", "longestPath", "placement", "shortages"})
@JsonInclude(JsonInclude.Include.NON_NULL)
record SynthReport(
    String model,
    String target,
    List<Row> units,
    Row total,
    LongestPath longestPath,
    Placed placement,
    List<String> shortages) {

  /** Cells of a part, counted and estimated. */
  @JsonPropertyOrder({"name", "cells", "estimate"})
  record Row(String name, Counts cells, Counts estimate) {
    double ratio() {
      return cells.luts() == 0 ? 1 : (double) estimate.luts() / cells.luts();
    }
  }

  /** Numbers of cells. */
  @JsonPropertyOrder({"luts", "flipFlops", "multipliers", "blocks"})
  record Counts(long luts, long flipFlops, long multipliers, long blocks) {
    static Counts of(Cells cells) {
      return new Counts(cells.luts(), cells.flipFlops(), cells.multipliers(), cells.blocks());
    }

    static Counts of(Area area) {
      return new Counts(
          area.wholeLuts(), area.wholeFlipFlops(), area.wholeMultipliers(), area.wholeBlocks());
    }
  }

  /** The longest combinational path. */
  @JsonPropertyOrder({"unit", "cells", "from", "to"})
  record LongestPath(String unit, int cells, String from, String to) {}

  /** What place and route reached. */
  @JsonPropertyOrder({"device", "megahertz", "problem"})
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Placed(String device, Double megahertz, String problem) {}

  /** Counts beside estimates. */
  static SynthReport of(
      Design design,
      String target,
      DesignArea estimate,
      SynthesisResult result,
      Placed placement,
      List<String> shortages) {
    List<Row> rows = new ArrayList<>();
    estimate
        .units()
        .forEach(
            (name, area) -> {
              Cells cells = cells(result, design.name() + "_" + name);
              rows.add(new Row(name, Counts.of(cells), Counts.of(area)));
            });
    Cells queues = Cells.NONE;
    for (Stream stream : design.depths().keySet()) {
      queues = queues.plus(cells(result, design.name() + "_queue_" + stream.name()));
    }
    rows.add(new Row("queues", Counts.of(queues), Counts.of(estimate.queues())));
    Cells control = cells(result, design.name()).plus(cells(result, design.name() + "_registers"));
    rows.add(new Row("registers and top", Counts.of(control), Counts.of(estimate.control())));
    Row total = new Row("total", Counts.of(result.total()), Counts.of(estimate.total()));
    return new SynthReport(
        design.name(), target, rows, total, longest(design, result), placement, shortages);
  }

  private static Cells cells(SynthesisResult result, String module) {
    SynthesisResult.Module found = result.modules().get(module);
    return found == null ? Cells.NONE : found.cells();
  }

  private static LongestPath longest(Design design, SynthesisResult result) {
    LongestPath longest = new LongestPath("", 0, "", "");
    for (var entry : result.modules().entrySet()) {
      SynthesisResult.Module module = entry.getValue();
      if (module.path() > longest.cells()) {
        String name = entry.getKey();
        String unit =
            name.equals(design.name()) ? name : name.substring(design.name().length() + 1);
        longest = new LongestPath(unit, module.path(), module.from(), module.to());
      }
    }
    return longest;
  }

  /** A table for a person. */
  String table() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            "%-40s %17s %17s %11s %11s %6s%n",
            "unit", "LUT (est.)", "FF (est.)", "DSP (est.)", "BRAM (est.)", "ratio"));
    units.forEach(row -> text.append(line(row)));
    text.append(line(total));
    text.append(
        String.format(
            "Longest combinational path: %d cells in %s, from %s to %s%n",
            longestPath.cells(), longestPath.unit(), longestPath.from(), longestPath.to()));
    if (placement != null) {
      text.append(
          placement.megahertz() == null
              ? String.format(
                  "Place and route on %s: %s%n", placement.device(), placement.problem())
              : String.format(
                  Locale.ROOT,
                  "Place and route on %s: Fmax %.2f MHz%n",
                  placement.device(),
                  placement.megahertz()));
    }
    return text.toString();
  }

  private static String line(Row row) {
    return String.format(
        Locale.ROOT,
        "%-40s %8d %8d %8d %8d %5d %5d %5d %5d %6.2f%n",
        row.name(),
        row.cells().luts(),
        row.estimate().luts(),
        row.cells().flipFlops(),
        row.estimate().flipFlops(),
        row.cells().multipliers(),
        row.estimate().multipliers(),
        row.cells().blocks(),
        row.estimate().blocks(),
        row.ratio());
  }
}
