// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.etch.area.Area;
import dev.etch.area.DesignArea;
import dev.etch.area.Device;
import dev.etch.hardware.Design;
import dev.etch.testbench.synthesis.Cells;
import dev.etch.testbench.synthesis.CriticalPath;
import dev.etch.testbench.synthesis.RouteResult;
import dev.etch.testbench.synthesis.SlackHistogram;
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
 * @param route null if the design was not placed and routed
 * @param shortages resources that the device has too few of
 */
@JsonPropertyOrder({"model", "target", "units", "total", "route", "shortages"})
@JsonInclude(JsonInclude.Include.NON_NULL)
record SynthReport(
    String model, String target, List<Row> units, Row total, Route route, List<String> shortages) {

  private static final String LINE = System.lineSeparator();

  /** Characters of the longest bar. */
  private static final int BAR = 40;

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

  /**
   * What place and route reached.
   *
   * @param tools names and versions
   * @param clockMHz that was aimed at
   * @param fmaxMHz lowest, median and highest over the seeds that were routed; null if none was
   */
  @JsonPropertyOrder({"device", "speedGrade", "tools", "clockMHz", "fmaxMHz", "seeds"})
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Route(
      String device,
      String speedGrade,
      List<String> tools,
      double clockMHz,
      Spread fmaxMHz,
      List<Seed> seeds) {
    static Route of(Device device, List<String> tools, double clock, List<RouteResult> results) {
      List<Double> rates =
          results.stream().flatMap(r -> r.fmaxMegahertz().stream()).sorted().toList();
      Spread spread =
          rates.isEmpty()
              ? null
              : new Spread(
                  rates.get(0), rates.get((rates.size() - 1) / 2), rates.get(rates.size() - 1));
      return new Route(
          device.id(),
          device.speedGrade().label(),
          tools,
          clock,
          spread,
          results.stream().map(Seed::of).toList());
    }

    boolean succeeded() {
      return seeds.stream().allMatch(seed -> seed.problem().isEmpty());
    }
  }

  /** Three of several numbers. */
  @JsonPropertyOrder({"minimum", "median", "maximum"})
  record Spread(double minimum, double median, double maximum) {}

  /** One seed of the placer. */
  @JsonPropertyOrder({"seed", "fmaxMHz", "criticalPath", "longestPaths", "slack", "problem"})
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record Seed(
      int seed,
      Double fmaxMHz,
      Path criticalPath,
      List<Path> longestPaths,
      List<Bin> slack,
      String problem) {
    static Seed of(RouteResult result) {
      List<Path> paths = result.paths().stream().map(Path::of).toList();
      return new Seed(
          result.seed(),
          result.fmaxMegahertz().orElse(null),
          paths.isEmpty() ? null : paths.get(0),
          paths,
          result.slack().bins().stream().map(Bin::of).toList(),
          result.problem());
    }
  }

  /** Inputs of registers with a slack in a range at the clock that was aimed at. */
  @JsonPropertyOrder({"fromNs", "toNs", "endpoints"})
  record Bin(double fromNs, double toNs, int endpoints) {
    static Bin of(SlackHistogram.Bin bin) {
      return new Bin(
          hundredths(bin.fromNanoseconds()), hundredths(bin.toNanoseconds()), bin.endpoints());
    }

    private static double hundredths(double value) {
      return Math.rint(value * 100) / 100;
    }
  }

  /** A path that limits the clock, or would next. */
  @JsonPropertyOrder({"unit", "endUnit", "from", "to", "logicNs", "routingNs"})
  record Path(
      String unit, String endUnit, String from, String to, double logicNs, double routingNs) {
    static Path of(CriticalPath path) {
      return new Path(
          path.unit(),
          path.endUnit(),
          path.from(),
          path.to(),
          path.logicNanoseconds(),
          path.routingNanoseconds());
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%5.2f ns (%.2f logic, %.2f routing) %s: %s -> %s",
          logicNs + routingNs,
          logicNs,
          routingNs,
          unit.equals(endUnit) ? "in " + named(unit) : named(unit) + " to " + named(endUnit),
          from,
          to);
    }

    private static String named(String unit) {
      return unit.isEmpty() ? "the wrapper" : unit;
    }
  }

  /** Counts beside estimates. */
  static SynthReport of(
      Design design,
      String target,
      DesignArea estimate,
      SynthesisResult result,
      Route route,
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
    for (String module : design.queueModules().values()) {
      queues = queues.plus(cells(result, module));
    }
    rows.add(new Row("queues", Counts.of(queues), Counts.of(estimate.queues())));
    Cells control = cells(result, design.name()).plus(cells(result, design.name() + "_registers"));
    rows.add(new Row("registers and top", Counts.of(control), Counts.of(estimate.control())));
    Row total = new Row("total", Counts.of(result.total()), Counts.of(estimate.total()));
    return new SynthReport(design.name(), target, rows, total, route, shortages);
  }

  private static Cells cells(SynthesisResult result, String module) {
    return result.modules().getOrDefault(module, Cells.NONE);
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
    if (route != null) {
      text.append(routeTable());
    }
    return text.toString();
  }

  private String routeTable() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            "%nPlaced and routed on %s, %s, by %s:%n",
            route.device(), route.speedGrade(), String.join(" and ", route.tools())));
    for (Seed seed : route.seeds()) {
      text.append(
          seed.problem().isEmpty()
              ? String.format(Locale.ROOT, "seed %d: Fmax %.1f MHz%n", seed.seed(), seed.fmaxMHz())
              : String.format("seed %d: %s%n", seed.seed(), seed.problem()));
      seed.longestPaths().forEach(path -> text.append("  ").append(path).append(LINE));
    }
    route.seeds().stream()
        .filter(seed -> !seed.slack().isEmpty())
        .findFirst()
        .ifPresent(seed -> text.append(histogram(seed)));
    if (route.fmaxMHz() != null) {
      Spread fmax = route.fmaxMHz();
      text.append(
          String.format(
              Locale.ROOT,
              "Fmax over %d seeds: minimum %.1f, median %.1f, maximum %.1f MHz;"
                  + " %.1f MHz were aimed at%n",
              route.seeds().size(),
              fmax.minimum(),
              fmax.median(),
              fmax.maximum(),
              route.clockMHz()));
    }
    return text.toString();
  }

  private String histogram(Seed seed) {
    int most = seed.slack().stream().mapToInt(Bin::endpoints).max().orElseThrow();
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "Slack at %.1f MHz, inputs of registers by ns (seed %d):%n",
            route.clockMHz(),
            seed.seed()));
    for (Bin bin : seed.slack()) {
      int stars = (int) Math.ceil(BAR * (double) bin.endpoints() / most);
      text.append(
              String.format(
                      Locale.ROOT,
                      "  %7.2f to %7.2f %8d %s",
                      bin.fromNs(),
                      bin.toNs(),
                      bin.endpoints(),
                      "*".repeat(stars))
                  .stripTrailing())
          .append(LINE);
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
