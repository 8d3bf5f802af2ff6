// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.hardware.RomContents;
import dev.etch.hardware.Target;
import dev.etch.schedule.Budget;
import dev.etch.schedule.Mapping;
import dev.etch.testbench.synthesis.Synthesis;
import dev.etch.testbench.synthesis.SynthesisResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** {@code etch bench --estimates}: estimated areas of designs beside what Yosys makes of them. */
final class EstimateBench {
  private final Console console;
  private final ModelOptions reading;
  private final Target target;

  EstimateBench(Console console, ModelOptions reading, Target target) {
    this.console = console;
    this.reading = reading;
    this.target = target;
  }

  /** A design. */
  record Subject(Path model, int multipliers) {}

  /**
   * What was compared; its components are keys of the JSON.
   *
   * @param multipliers that were allowed
   * @param areas of units and of everything
   */
  record Row(String model, int multipliers, SynthReport areas) {
    /** Part by which the estimate of the LUTs is too high; negative if it is too low. */
    double residual() {
      return areas.total().ratio() - 1;
    }
  }

  /** The designs if no model is named: those of the project, from one multiplier to many. */
  static List<Subject> standard() {
    return Arrays.stream(Standard.values())
        .flatMap(s -> of(List.of(Workspace.root().resolve(s.model)), s.budgets).stream())
        .toList();
  }

  private enum Standard {
    TINY("testbench/models/tiny/tiny.etch", List.of(1, 2, 4, 8, 16)),
    RESIDUAL("testbench/models/residual/residual.tflite", List.of(1, 2, 4, 8, 16, 32)),
    RESIDUAL_TEXT("testbench/models/residual/residual.etch", List.of(2, 4, 8, 16)),
    SAMPLE("testbench/models/lenet5-fashion/lenet5.onnx", List.of(2, 8, 16, 32)),
    DENSE_SAMPLE("testbench/models/lenet5-fashion/lenet5-dense.onnx", List.of(4, 32));

    private final String model;
    private final List<Integer> budgets;

    Standard(String model, List<Integer> budgets) {
      this.model = model;
      this.budgets = budgets;
    }
  }

  /** Each model with each budget. */
  static List<Subject> of(List<Path> models, List<Integer> budgets) {
    return models.stream()
        .flatMap(model -> budgets.stream().map(budget -> new Subject(model, budget)))
        .toList();
  }

  /** Compares and prints them. */
  int run(List<Subject> subjects, boolean json) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (Subject subject : subjects) {
      Row row = compare(subject);
      console.say(EstimateTable.line(row));
      rows.add(row);
    }
    console.print(json ? Json.print(rows) : EstimateTable.markdown(rows));
    return ExitCode.FINE;
  }

  private Row compare(Subject subject) throws IOException {
    Mapping mapping =
        Mapping.of(target, Optional.of(new Budget.Multipliers(subject.multipliers())));
    Compilation compilation = Pipeline.compile(subject.model(), mapping, reading);
    Path parent = Files.createTempDirectory("etch-bench-");
    try (OutputFolder folder = new OutputFolder(parent.resolve("design"), false)) {
      Pipeline.generate(compilation, RomContents.IN_VERILOG, folder.folder());
      SynthesisResult cells =
          Synthesis.run(
              folder.folder().resolve(CompiledFolder.RTL),
              compilation.design().name(),
              Companions.flow(target),
              1,
              (finished, all) -> {});
      return new Row(
          String.valueOf(subject.model().getFileName()),
          subject.multipliers(),
          SynthReport.of(
              compilation.design(), target.id(), compilation.area(), cells, null, List.of()));
    } finally {
      Files.deleteIfExists(parent);
    }
  }
}
