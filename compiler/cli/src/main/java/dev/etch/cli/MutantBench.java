// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.hardware.RomContents;
import dev.etch.schedule.Budget;
import dev.etch.schedule.Mapping;
import dev.etch.tensor.IntegerTensor;
import dev.etch.testbench.mutation.MutantCampaign;
import dev.etch.testbench.mutation.MutantCampaign.Judged;
import dev.etch.testbench.mutation.MutantCampaign.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/** {@code etch bench --mutants N}: the judges judged. */
final class MutantBench {
  private static final int RANDOM_FRAMES = 20;
  private static final long SEED = 1;

  private final Console console;
  private final ModelOptions reading;

  MutantBench(Console console, ModelOptions reading) {
    this.console = console;
    this.reading = reading;
  }

  /** A design to alter. */
  private record Subject(Path model, int multipliers) {}

  private static final List<Subject> SUBJECTS =
      List.of(
          new Subject(Path.of("testbench/models/tiny/tiny.etch"), 4),
          new Subject(Path.of("testbench/models/residual/residual.tflite"), 8),
          new Subject(Path.of("testbench/models/lenet5-fashion/lenet5.onnx"), 32));

  /**
   * Judges so many mutants, dealt to the designs.
   *
   * @param models to alter; a tiny one, a residual one and the sample if there are none
   * @param multipliers of each of them
   */
  int run(int count, long seed, List<Path> models, int multipliers) throws IOException {
    List<Subject> subjects =
        models.isEmpty()
            ? SUBJECTS
            : models.stream().map(model -> new Subject(model, multipliers)).toList();
    List<Judged> all = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    text.append("| design | mutants | proved equivalent | caught by verify | by the testbench |\n");
    text.append("|---|---|---|---|---|\n");
    for (int i = 0; i < subjects.size(); i++) {
      int share = (count + i) / subjects.size();
      if (share > 0) {
        List<Judged> judged = judge(subjects.get(i), share, seed);
        text.append(row(subjects.get(i).model().getFileName().toString(), judged));
        all.addAll(judged);
      }
    }
    text.append(row("all", all));
    for (Judged judged : all) {
      if (!judged.equivalent() && isOpen(judged)) {
        text.append(line(judged)).append('\n');
      }
    }
    console.print(text.toString().stripTrailing());
    return all.stream().anyMatch(j -> j.byVerify() == Verdict.CRASHED)
        ? ExitCode.BUG
        : ExitCode.FINE;
  }

  private List<Judged> judge(Subject subject, int count, long seed) throws IOException {
    Path model = Workspace.root().resolve(subject.model());
    DiagnosticCollector diagnostics = new DiagnosticCollector();
    Mapping mapping =
        Mapping.of(
            Constraints.target("generic"),
            Optional.of(new Budget.Multipliers(subject.multipliers())));
    Compilation compilation =
        Pipeline.compile(Pipeline.read(model, reading, diagnostics), mapping, false, diagnostics);
    Path parent = Files.createTempDirectory("etch-bench-");
    try (OutputFolder target = new OutputFolder(parent.resolve("design"), false)) {
      Pipeline.generate(compilation, RomContents.IN_VERILOG, target.folder());
      HostedModel hosted = new HostedModel(compilation.scheduled().lowered().model());
      Frames frames = Frames.random(RANDOM_FRAMES, SEED, hosted.acceleratorInputType());
      List<IntegerTensor> fed =
          IntStream.range(0, frames.count()).mapToObj(frames.frame()).toList();
      MutantCampaign campaign =
          new MutantCampaign(
              compilation.scheduled().lowered(),
              target.folder().resolve(CompiledFolder.RTL),
              target.folder().resolve(Companions.TESTBENCH),
              fed,
              VerifyCommand.options(compilation, target.folder()));
      console.say("altering " + compilation.design().name());
      return campaign.run(count, seed, judged -> console.say(line(judged)));
    } finally {
      Files.deleteIfExists(parent);
    }
  }

  private static boolean isOpen(Judged judged) {
    return judged.byVerify() != Verdict.CAUGHT || judged.byTestbench() != Verdict.CAUGHT;
  }

  private static String line(Judged judged) {
    return "%s by verify%s, %s by the testbench%s: %s"
        .formatted(
            word(judged.byVerify()),
            judged.why().isEmpty() ? "" : " (" + judged.why().lines().findFirst().orElse("") + ")",
            word(judged.byTestbench()),
            judged.equivalent() ? ", proved equivalent" : "",
            judged.mutant());
  }

  private static String word(Verdict verdict) {
    return verdict.name().toLowerCase(Locale.ROOT);
  }

  private static String row(String name, List<Judged> judged) {
    long equivalent = judged.stream().filter(Judged::equivalent).count();
    return "| %s | %d | %d | %s | %s |%n"
        .formatted(
            name,
            judged.size(),
            equivalent,
            rate(judged, equivalent, Judged::byVerify),
            rate(judged, equivalent, Judged::byTestbench));
  }

  private static String rate(
      List<Judged> judged, long equivalent, Function<Judged, Verdict> judge) {
    long caught =
        judged.stream().filter(j -> !j.equivalent() && judge.apply(j) == Verdict.CAUGHT).count();
    long of = judged.size() - equivalent;
    return String.format(
        Locale.ROOT, "%d of %d (%.1f %%)", caught, of, of == 0 ? 100.0 : 100.0 * caught / of);
  }
}
