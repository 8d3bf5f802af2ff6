// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.area.Device;
import dev.etch.compress.recipe.Technique;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.hardware.ExternalMemory;
import dev.etch.hardware.RomContents;
import dev.etch.hardware.Target;
import dev.etch.schedule.Budget;
import dev.etch.schedule.Mapping;
import dev.etch.schedule.UnitStatistics;
import dev.etch.templates.report.BudgetCurve;
import dev.etch.templates.report.CurveChart;
import dev.etch.testbench.Verifier;
import dev.etch.testbench.VerifyOptions;
import dev.etch.testbench.VerifyResult;
import dev.etch.testbench.synthesis.Synthesis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code etch bench}: one table over models and budgets. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description =
        "Measures cycles, utilization, compile time and simulation speed of models.%n"
            + "The speed of the reference stands beside ONNX Runtime's. Prints a Markdown table; "
            + "– is what was not measured.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  etch bench",
      "  etch bench model.onnx other.tflite --multipliers 8,32,128 --json",
      "  etch bench model.onnx --synth --target xc7 --simulate 0",
      "  etch bench model.onnx --multipliers 8,32,512 --simulate-all --curve curve.svg",
      "  etch bench --mutants 300",
      "  etch bench --route model.onnx --device ecp5-45k --multipliers 8,32 --seeds 3",
      "  etch bench --estimates --target ecp5",
      "  etch bench --matrices",
      "  etch bench --techniques folder-of-fashion-mnist --multipliers 32"
    })
final class BenchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "MODEL",
      arity = "0..*",
      description = "Model files; the sample models, and those in ../shared, if none is given.")
  private List<Path> models = List.of();

  @Mixin private ModelOptions reading;

  @Option(
      names = "--multipliers",
      paramLabel = "N",
      split = ",",
      defaultValue = "8,32,128",
      description = "Budgets to compile for; 8,32,128 if not given.")
  private List<Integer> budgets;

  @Option(
      names = "--target",
      paramLabel = "NAME",
      description =
          "Device family; xc7 with --synth or --estimates, and generic without, if not given.")
  private String target;

  @Option(names = "--synth", description = "Also count cells with Yosys, which takes minutes.")
  private boolean synthesize;

  @Option(
      names = "--simulate",
      paramLabel = "N",
      defaultValue = "4",
      description =
          "Frames to simulate of each model's largest budget; 4 if not given, 0 for none.")
  private int simulated;

  @Option(
      names = "--simulate-all",
      description = "Simulate every budget, not only the largest, and measure its cycles.")
  private boolean simulatesAll;

  @Option(
      names = "--curve",
      paramLabel = "FILE",
      description = "Also draw cycles over multipliers, beside the bound, as an SVG file.")
  private Path curve;

  @Option(
      names = "--threads",
      paramLabel = "T",
      defaultValue = "1",
      description = "Threads of the reference and of ONNX Runtime; 1 if not given.")
  private int threads;

  @Option(
      names = "--mutants",
      paramLabel = "N",
      description =
          "Instead of all this: alter N single bits of three designs' Verilog with Yosys, and count "
              + "how many etch verify and the generated testbench notice.")
  private Integer mutants;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Seed of the mutants, and of --techniques; 1 if not given.")
  private long seed;

  @Option(
      names = "--route",
      description =
          "Instead of all this: place and route each model on --device with --seeds placements; a "
              + "tiny example and the sample if none is given. Takes minutes to hours.")
  private boolean route;

  @Option(
      names = "--estimates",
      description =
          "Instead of all this: compare estimated areas on --target with what Yosys counts; 21 "
              + "designs if no model is given. Takes minutes to an hour.")
  private boolean estimates;

  @Option(
      names = "--matrices",
      description =
          "Instead of all this: schedule the nine sparse layers that EIE was measured on for 64 "
              + "lanes, and count bits a product as they are and coded.")
  private boolean matrices;

  @Option(
      names = "--memory-bits",
      paramLabel = "N",
      description =
          "With --matrices: words come from a memory outside, whose bus has so many bits: 64, 128,"
              + " 256 or 512.")
  private Integer memoryBits;

  @Option(
      names = "--device",
      paramLabel = "NAME",
      description = "The device of --route; ecp5-45k if not given.")
  private String device;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Placements of --route; 3 if not given.")
  private int seeds;

  @Option(
      names = "--techniques",
      paramLabel = "FOLDER",
      description =
          "Instead of all this: train a LeNet-5 on the IDX files of a folder, named as MNIST's, and "
              + "compress it by each technique alone: bytes, accuracy, and the design with --multipliers "
              + "(the first). Takes about an hour.")
  private Path techniques;

  @Option(
      names = "--only",
      paramLabel = "NAME",
      split = ",",
      description = "With --techniques: only these; ${COMPLETION-CANDIDATES}.")
  private List<Technique> only = List.of();

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "2",
      description = "With --techniques: epochs of each one's training; 2 if not given.")
  private int epochs;

  @Option(
      names = "--base-epochs",
      paramLabel = "N",
      defaultValue = "10",
      description = "With --techniques: epochs of the float model's training; 10 if not given.")
  private int baseEpochs;

  @Option(
      names = "--base",
      paramLabel = "FILE",
      description =
          "With --techniques: the float model to begin with; it is trained and written if there is none.")
  private Path base;

  @Option(names = "--json", description = "Print JSON instead of a Markdown table.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    check();
    if (curve != null) {
      OutputFile.requireWritable(curve);
    }
    Console console = new Console(spec);
    if (mutants != null) {
      return new MutantBench(console, reading).run(mutants, seed, models, budgets.get(0));
    }
    if (route) {
      return new RouteBench(console, reading, seeds).run(routed(), json);
    }
    if (estimates) {
      return new EstimateBench(console, reading, family()).run(compared(), json);
    }
    if (techniques != null) {
      return new TechniqueBench(console, techniques, baseEpochs, epochs, budgets.get(0), seed)
          .run(
              only.isEmpty() ? List.of(Technique.values()) : only, Optional.ofNullable(base), json);
    }
    if (matrices) {
      return memoryBits == null
          ? new MatrixBench(console).run(MatrixBench.standard(), simulated, json)
          : new MemoryBench(console, memory()).run(MatrixBench.standard(), simulated, json);
    }
    List<BenchRow> rows = new ArrayList<>();
    int failures = 0;
    for (Path model : models.isEmpty() ? BenchModels.atHand() : models) {
      try {
        rows.addAll(measure(model, console));
      } catch (DiagnosticException refused) {
        refused.diagnostics().forEach(diagnostic -> console.warn(diagnostic.toString()));
        failures++;
      }
    }
    if (!rows.isEmpty() || json) {
      console.print(json ? Json.print(rows) : BenchTable.markdown(rows));
    }
    if (curve != null && !rows.isEmpty()) {
      draw(rows);
    }
    return failures > 0 ? ExitCode.BAD_INPUT : ExitCode.FINE;
  }

  private List<RouteBench.Subject> routed() {
    return models.isEmpty()
        ? RouteBench.standard()
        : RouteBench.of(
            models, budgets, device == null ? Device.ECP5_45K : Constraints.device(device));
  }

  private List<EstimateBench.Subject> compared() {
    if (family() == Target.GENERIC) {
      throw new DiagnosticException(
          Location.option("--target"),
          "generic has no cells that an estimate is of",
          "name a device family");
    }
    return models.isEmpty() ? EstimateBench.standard() : EstimateBench.of(models, budgets);
  }

  private void draw(List<BenchRow> rows) throws IOException {
    Map<String, List<BudgetCurve.Point>> models = new LinkedHashMap<>();
    for (BenchRow row : rows) {
      models
          .computeIfAbsent(row.model(), model -> new ArrayList<>())
          .add(
              new BudgetCurve.Point(
                  row.budget(), row.cyclesPerFrame(), (double) row.nonzeroMacs() / row.budget()));
    }
    List<BudgetCurve> curves = new ArrayList<>();
    models.forEach((model, points) -> curves.add(new BudgetCurve(model, ascending(points))));
    OutputFile.write(curve, file -> Files.writeString(file, CurveChart.svg(curves)));
  }

  private static List<BudgetCurve.Point> ascending(List<BudgetCurve.Point> points) {
    return points.stream().sorted(Comparator.comparing(BudgetCurve.Point::budget)).toList();
  }

  private void check() {
    require(simulated >= 0, "--simulate", "0 frames or more");
    require(memoryBits == null || matrices, "--memory-bits", "beside --matrices");
    require(mutants == null || (mutants >= 1 && mutants <= 100_000), "--mutants", "1 to 100,000");
    require(seeds >= 1 && seeds <= 64, "--seeds", "1 to 64 placements");
    require(epochs >= 1 && epochs <= 10_000, "--epochs", "1 to 10,000 epochs");
    require(baseEpochs >= 1 && baseEpochs <= 10_000, "--base-epochs", "1 to 10,000 epochs");
    require(only.isEmpty() || techniques != null, "--only", "beside --techniques");
    require(base == null || techniques != null, "--base", "beside --techniques");
    require(threads >= 1 && threads <= 256, "--threads", "1 to 256 threads");
    for (int budget : budgets) {
      require(budget >= 1, "--multipliers", "at least 1 multiplier");
    }
  }

  private static void require(boolean condition, String option, String wanted) {
    if (!condition) {
      throw new DiagnosticException(Location.option(option), "not " + wanted, "give " + wanted);
    }
  }

  private List<BenchRow> measure(Path model, Console console) throws IOException {
    List<BenchRow> rows = new ArrayList<>();
    ReferenceSpeed.Result speed = null;
    for (int budget : budgets) {
      console.say("compiling " + model.getFileName() + " for " + budget + " multipliers");
      long start = System.nanoTime();
      Compilation compilation = compile(model, budget);
      if (speed == null) {
        speed = speed(model, compilation, console);
        start = System.nanoTime();
        compilation = compile(model, budget);
      }
      rows.add(row(model, budget, compilation, start, speed, console));
    }
    return rows;
  }

  private ReferenceSpeed.Result speed(Path model, Compilation compilation, Console console) {
    console.say("running the reference of " + model.getFileName());
    HostedModel hosted = new HostedModel(compilation.scheduled().lowered().model());
    ReferenceSpeed.Result speed = ReferenceSpeed.measure(model, hosted, threads);
    if (!speed.remark().isEmpty()) {
      console.say("no comparison with ONNX Runtime: " + speed.remark());
    }
    return speed;
  }

  private Compilation compile(Path model, int budget) {
    Mapping mapping = Mapping.of(family(), Optional.of(new Budget.Multipliers(budget)));
    return Pipeline.compile(model, mapping, reading);
  }

  private Target family() {
    return Constraints.target(
        target != null ? target : synthesize || estimates ? "xc7" : "generic");
  }

  private BenchRow row(
      Path model,
      int budget,
      Compilation compilation,
      long start,
      ReferenceSpeed.Result speed,
      Console console)
      throws IOException {
    Path parent = Files.createTempDirectory("etch-bench-");
    try (OutputFolder target = new OutputFolder(parent.resolve("design"), false)) {
      Pipeline.generate(compilation, RomContents.IN_VERILOG, target.folder());
      double seconds = (System.nanoTime() - start) / 1e9;
      long work = compilation.work().nonzero();
      long cycles = compilation.scheduled().prediction().cyclesPerFrame();
      VerifyResult simulation =
          simulated > 0 && (simulatesAll || budget == Collections.max(budgets))
              ? simulate(compilation, target.folder(), console)
              : null;
      return new BenchRow(
          String.valueOf(model.getFileName()),
          family().id(),
          budget,
          compilation.scheduled().multipliers(),
          work,
          cycles,
          simulation == null ? null : simulation.measured().orElseThrow().cyclesPerFrame(),
          (double) cycles * budget / work,
          busiest(compilation),
          synthesize ? cells(compilation, target.folder(), console) : null,
          seconds,
          simulation == null ? null : simulated / simulation.seconds(),
          speed);
    } finally {
      Files.deleteIfExists(parent);
    }
  }

  private static double busiest(Compilation compilation) {
    return compilation.scheduled().statistics().stream()
        .mapToDouble(UnitStatistics::utilization)
        .max()
        .orElse(0);
  }

  private CellCounts cells(Compilation compilation, Path folder, Console console)
      throws IOException {
    console.say("synthesizing " + compilation.design().name());
    return CellCounts.of(
        Synthesis.run(
                folder.resolve(CompiledFolder.RTL),
                compilation.design().name(),
                Companions.flow(family()),
                1,
                (finished, all) -> {})
            .total(),
        family());
  }

  private ExternalMemory memory() {
    try {
      return ExternalMemory.STANDARD.withDataBits(memoryBits);
    } catch (IllegalArgumentException e) {
      throw new DiagnosticException(Location.option("--memory-bits"), e.getMessage(), "");
    }
  }

  private VerifyResult simulate(Compilation compilation, Path folder, Console console) {
    console.say("simulating " + compilation.design().name());
    HostedModel model = new HostedModel(compilation.scheduled().lowered().model());
    Frames frames = Frames.random(simulated, 1, model.acceleratorInputType());
    Verifier verifier =
        new Verifier(
            compilation.scheduled().lowered(),
            folder.resolve(CompiledFolder.RTL),
            VerifyOptions.standard(folder));
    VerifyResult result = verifier.verify(frames.count(), frames.frame(), (done, total) -> {});
    if (!result.passed()) {
      throw new IllegalStateException(
          compilation.design().name() + " differs from the reference: " + result);
    }
    return result;
  }
}
