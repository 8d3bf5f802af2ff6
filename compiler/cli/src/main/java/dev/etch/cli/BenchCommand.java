// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.MultiplyAccumulates;
import dev.etch.schedule.UnitStatistics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code etch bench}: one table over models and budgets. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description =
        "Measures compile time, cycles per frame, utilization and reference speed of models.",
    footerHeading = "%nExamples:%n",
    footer = {"  etch bench", "  etch bench model.onnx other.onnx --multipliers 8,32,128 --json"})
final class BenchCommand implements Callable<Integer> {
  private static final int REFERENCE_FRAMES = 200;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "MODEL",
      arity = "0..*",
      description = "Model files; the sample models if none is given.")
  private List<Path> models = List.of();

  @Option(
      names = "--multipliers",
      paramLabel = "N",
      split = ",",
      defaultValue = "8,32,128",
      description = "Budgets to compile for; 8,32,128 if not given.")
  private List<Integer> budgets;

  @Option(names = "--json", description = "Print JSON instead of a Markdown table.")
  private boolean json;

  /** A row of the table. */
  record Row(
      String model,
      int budget,
      int multipliers,
      long nonzeroMacs,
      long cyclesPerFrame,
      double cyclesOverBound,
      double busiestUtilization,
      double compileSeconds,
      double referenceFramesPerSecond) {}

  @Override
  public Integer call() throws IOException {
    Console console = new Console(spec);
    List<Row> rows = new ArrayList<>();
    for (Path model : models.isEmpty() ? samples() : models) {
      double speed = referenceSpeed(model);
      for (int budget : budgets) {
        console.say("compiling " + model.getFileName() + " for " + budget + " multipliers");
        rows.add(row(model, budget, speed));
      }
    }
    console.print(json ? Json.print(rows) : table(rows));
    return ExitCode.FINE;
  }

  private static List<Path> samples() {
    Path folder = Workspace.root().resolve("testbench/models/lenet5-fashion");
    return List.of(folder.resolve("lenet5.onnx"), folder.resolve("lenet5-dense.onnx"));
  }

  private static Row row(Path model, int budget, double speed) throws IOException {
    long start = System.nanoTime();
    DiagnosticCollector diagnostics = new DiagnosticCollector();
    Graph graph = Pipeline.read(model, diagnostics);
    Compilation compilation = Pipeline.compile(graph, Constraints.multipliers(budget), diagnostics);
    Path folder = Files.createTempDirectory("etch-bench-");
    try (OutputFolder target = new OutputFolder(folder)) {
      Pipeline.generate(compilation, target.folder());
    } finally {
      Files.deleteIfExists(folder);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    MultiplyAccumulates work = compilation.work();
    long cycles = compilation.scheduled().prediction().cyclesPerFrame();
    int multipliers = compilation.scheduled().multipliers();
    return new Row(
        String.valueOf(model.getFileName()),
        budget,
        multipliers,
        work.nonzero(),
        cycles,
        (double) cycles * budget / work.nonzero(),
        busiest(compilation),
        seconds,
        speed);
  }

  private static double busiest(Compilation compilation) {
    return compilation.scheduled().statistics().stream()
        .mapToDouble(UnitStatistics::utilization)
        .max()
        .orElse(0);
  }

  /** Frames a second on all processors, after a warm-up of as many frames. */
  private static double referenceSpeed(Path model) {
    Compilation compilation = Pipeline.compile(model, new MappingOptions());
    HostedModel hosted = new HostedModel(compilation.scheduled().lowered().model());
    Frames frames = Frames.random(REFERENCE_FRAMES, 1, hosted.acceleratorInputType());
    double seconds = 0;
    for (int round = 0; round < 2; round++) {
      long start = System.nanoTime();
      IntStream.range(0, frames.count())
          .parallel()
          .forEach(i -> hosted.accelerate(frames.frame().apply(i)));
      seconds = (System.nanoTime() - start) / 1e9;
    }
    return frames.count() / seconds;
  }

  private static String table(List<Row> rows) {
    StringBuilder text = new StringBuilder();
    text.append("| model | budget | multipliers | nonzero MACs | cycles per frame | ");
    text.append(
        "cycles x budget / nonzero MACs | busiest array | compile s | reference frames/s |\n");
    text.append("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
    for (Row row : rows) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %d | %d | %,d | %,d | %.2f | %.1f %% | %.2f | %,.0f |%n",
              row.model,
              row.budget,
              row.multipliers,
              row.nonzeroMacs,
              row.cyclesPerFrame,
              row.cyclesOverBound,
              100 * row.busiestUtilization,
              row.compileSeconds,
              row.referenceFramesPerSecond));
    }
    return text.toString().stripTrailing();
  }
}
