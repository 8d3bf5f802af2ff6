// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.hardware.WeightFile;
import dev.etch.hardware.WeightImage;
import dev.etch.schedule.ScheduledDesign;
import dev.etch.templates.report.ReportFiles;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Tensor;
import dev.etch.testbench.Accuracy;
import dev.etch.testbench.DirectedFrames;
import dev.etch.testbench.Stalls;
import dev.etch.testbench.Timing;
import dev.etch.testbench.Verifier;
import dev.etch.testbench.VerifyOptions;
import dev.etch.testbench.VerifyResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code etch verify}: hardware against reference. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description =
        "Simulates the Verilog of a compiled model and compares every output bit with the "
            + "reference, and the cycles with the prediction.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  etch verify hdl-out/model --random 100",
      "  etch verify hdl-out/model --random 20 --stall 0.5 --seed 7 --json",
      "  etch verify hdl-out/model --dataset t10k-images-idx3-ubyte.gz \\",
      "                            --labels t10k-labels-idx1-ubyte.gz --jobs 2"
    })
final class VerifyCommand implements Callable<Integer> {
  private static final int LEAST_DIRECTED = 6;
  private static final int MOST_DIRECTED = 1500;

  /** Cycles that the frames made on purpose may take in all. */
  private static final long DIRECTED_CYCLES = 300_000;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "Folder that etch compile wrote.")
  private Path folder;

  @ArgGroup(exclusive = true)
  private FrameOptions frameOptions;

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description = "IDX labels: also measure accuracy from the hardware's own outputs.")
  private Path labels;

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description = "Weights that etch weights made: the simulator loads them first.")
  private Path weights;

  @Option(names = "--first", paramLabel = "N", description = "Only the first N frames.")
  private Integer first;

  @Option(
      names = "--stall",
      paramLabel = "P",
      defaultValue = "0",
      description = "Probability that the host stalls a side in a cycle; below 1, 0 if not given.")
  private double stall;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Seed of random frames and stalls; 1 if not given.")
  private long seed;

  @Option(
      names = "--jobs",
      paramLabel = "J",
      description = "Simulator processes at a time; the number of processors if not given.")
  private Integer jobs;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    check();
    Console console = new Console(spec);
    Compilation compilation = CompiledFolder.load(folder);
    Optional<LoadedWeights> loaded = Optional.empty();
    if (weights != null) {
      loaded = Optional.of(LoadedWeights.read(compilation, weights));
    }
    ScheduledDesign design = loaded.map(LoadedWeights::design).orElse(compilation.scheduled());
    HostedModel model = new HostedModel(design.lowered().model());
    require(
        labels == null || model.outputs().size() == 1,
        "--labels",
        "for a model with one output, which scores classes");
    Frames frames = FrameOptions.frames(frameOptions, model, seed);
    if (first != null) {
      frames = frames.atMost(first);
    }
    VerifyOptions options = options(design, compilation.designHash(), folder);
    Optional<WeightImage> image = loaded.map(LoadedWeights::file).map(WeightFile::image);
    if (image.isPresent()) {
      options = options.withWeights(image.get());
    } else {
      options =
          LoadedWeights.shuffled(design, compilation.designHash())
              .map(options::withOther)
              .orElse(options);
    }
    VerifyResult result = verify(console, design, options, frames);
    Optional<Accuracy> accuracy = accuracy(model, result);
    // The report is about the weights that were compiled.
    if (result.measured().isPresent() && weights == null) {
      Timing measured = result.measured().get();
      ReportFiles.updateMeasured(folder, measured.cyclesPerFrame(), measured.latencyCycles());
      Manifest.update(folder, ReportFiles.JSON, ReportFiles.HTML);
    }
    console.print(json ? VerifyReport.json(result, accuracy) : VerifyReport.text(result, accuracy));
    return result.passed() ? ExitCode.FINE : ExitCode.MISMATCH;
  }

  private void check() {
    require(stall >= 0 && stall < 1, "--stall", "a probability from 0 to below 1");
    require(jobs == null || (jobs >= 1 && jobs <= 256), "--jobs", "1 to 256 processes");
    require(first == null || first >= 1, "--first", "at least one frame");
  }

  private static void require(boolean condition, String option, String wanted) {
    if (!condition) {
      throw new DiagnosticException(Location.option(option), "not " + wanted, "give " + wanted);
    }
  }

  private VerifyResult verify(
      Console console, ScheduledDesign design, VerifyOptions standard, Frames frames) {
    int processes =
        Math.min(frames.count(), jobs == null ? Runtime.getRuntime().availableProcessors() : jobs);
    VerifyOptions options =
        standard
            .withJobs(processes)
            .withStalls(stall == 0 ? Stalls.NONE : Stalls.both(stall, seed));
    if (labels != null) {
      options = options.keepingOutputs();
    }
    Verifier verifier = new Verifier(design.lowered(), folder.resolve(CompiledFolder.RTL), options);
    console.say("building the simulator and verifying " + frames.count() + " frames");
    int all = frames.count() + options.directed().size();
    try (Console.Progress progress = console.progress("frames", all)) {
      return verifier.verify(frames.count(), frames.frame(), (done, total) -> progress.to(done));
    }
  }

  /** All that is checked whatever the user asks for. */
  static VerifyOptions options(Compilation compilation, Path folder) {
    return options(compilation.scheduled(), compilation.designHash(), folder);
  }

  private static VerifyOptions options(ScheduledDesign design, int hash, Path folder) {
    return VerifyOptions.standard(folder)
        .withPredicted(Timing.predicted(design.prediction()))
        .withRegisters(hash)
        .withDirected(directed(design));
  }

  private static List<IntegerTensor> directed(ScheduledDesign design) {
    long cycles = design.prediction().cyclesPerFrame();
    int most = (int) Math.max(LEAST_DIRECTED, Math.min(MOST_DIRECTED, DIRECTED_CYCLES / cycles));
    return DirectedFrames.of(design.lowered().model().accelerator(), most);
  }

  private Optional<Accuracy> accuracy(HostedModel model, VerifyResult result) {
    if (labels == null || result.fault().isPresent()) {
      return Optional.empty();
    }
    List<Tensor> outputs =
        result.outputs().stream().map(frame -> model.fromAccelerator(frame).get(0)).toList();
    return Optional.of(Accuracy.of(outputs, labels));
  }
}
