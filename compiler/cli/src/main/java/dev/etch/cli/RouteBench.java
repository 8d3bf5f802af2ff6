// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.area.Device;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.hardware.RomContents;
import dev.etch.schedule.Budget;
import dev.etch.schedule.Mapping;
import dev.etch.testbench.synthesis.Cells;
import dev.etch.testbench.synthesis.PlaceAndRoute;
import dev.etch.testbench.synthesis.Synthesis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code etch bench --route}: designs placed and routed, one row each. */
final class RouteBench {
  private static final String TINY = "testbench/models/tiny/tiny.etch";
  private static final String SAMPLE = "testbench/models/lenet5-fashion/lenet5.onnx";

  private final Console console;
  private final ModelOptions reading;
  private final int seeds;

  RouteBench(Console console, ModelOptions reading, int seeds) {
    this.console = console;
    this.reading = reading;
    this.seeds = seeds;
  }

  /** A design and where it goes. */
  record Subject(Path model, int multipliers, Device device) {}

  /**
   * What was measured of a design; its components are keys of the JSON.
   *
   * @param cells by Yosys, without the wrapper that has four pins
   */
  record Row(
      String model,
      int multipliers,
      long cyclesPerFrame,
      CellCounts cells,
      SynthReport.Route route) {}

  /** The designs if no model is named: the smallest on two families, and the sample. */
  static List<Subject> standard() {
    return List.of(
        new Subject(Workspace.root().resolve(TINY), 4, Device.UP5K),
        new Subject(Workspace.root().resolve(TINY), 4, Device.GW2A_18),
        new Subject(Workspace.root().resolve(SAMPLE), 8, Device.ECP5_45K),
        new Subject(Workspace.root().resolve(SAMPLE), 32, Device.ECP5_45K));
  }

  /**
   * Each model with each budget.
   *
   * @param device that can be placed
   */
  static List<Subject> of(List<Path> models, List<Integer> budgets, Device device) {
    if (!PlaceAndRoute.isPossible(device)) {
      throw new DiagnosticException(
          Location.option("--device"),
          "no open tool places and routes " + device.id(),
          "take a device of ECP5, iCE40, Gowin or Nexus");
    }
    return models.stream()
        .flatMap(model -> budgets.stream().map(budget -> new Subject(model, budget, device)))
        .toList();
  }

  /** Measures and prints them. */
  int run(List<Subject> subjects, boolean json) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (Subject subject : subjects) {
      Row row = measure(subject);
      console.say(RouteTable.line(row));
      rows.add(row);
    }
    console.print(json ? Json.print(rows) : RouteTable.markdown(rows));
    return rows.stream().allMatch(row -> row.route().succeeded())
        ? ExitCode.FINE
        : ExitCode.DOES_NOT_FIT;
  }

  private Row measure(Subject subject) throws IOException {
    String name = String.valueOf(subject.model().getFileName());
    console.say("compiling " + name + " for " + subject.multipliers() + " multipliers");
    Mapping mapping =
        Mapping.of(subject.device(), Optional.of(new Budget.Multipliers(subject.multipliers())));
    Compilation compilation = Pipeline.compile(subject.model(), mapping, reading);
    Path parent = Files.createTempDirectory("etch-bench-");
    try (OutputFolder target = new OutputFolder(parent.resolve("design"), false)) {
      Pipeline.generate(compilation, RomContents.IN_VERILOG, target.folder());
      console.say("synthesizing " + name + ", then placing it on " + subject.device().id());
      Cells cells = cells(compilation, target.folder(), subject.device());
      return new Row(
          name,
          compilation.scheduled().multipliers(),
          compilation.scheduled().prediction().cyclesPerFrame(),
          CellCounts.of(cells, subject.device().target()),
          Routing.route(
              compilation,
              target.folder(),
              subject.device(),
              cells.luts(),
              seeds,
              seed -> console.say("placed and routed seed " + seed + " of " + seeds)));
    } finally {
      Files.deleteIfExists(parent);
    }
  }

  private static Cells cells(Compilation compilation, Path folder, Device device)
      throws IOException {
    return Synthesis.run(
            folder.resolve(CompiledFolder.RTL),
            compilation.design().name(),
            Companions.flow(device.target()),
            1,
            (finished, all) -> {})
        .total();
  }
}
