// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.compress.coding.LayerSize;
import dev.etch.compress.recipe.Compression;
import dev.etch.compress.recipe.StepResult;
import dev.etch.compress.training.LossCurve;
import dev.etch.templates.report.CompressionPage;
import dev.etch.templates.report.CompressionRun;
import dev.etch.templates.report.CompressionRun.AccuracyReport;
import dev.etch.templates.report.CompressionRun.LayerReport;
import dev.etch.templates.report.CompressionRun.StepReport;
import dev.etch.templates.report.CompressionRun.TrainingReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a run of {@code compress} leaves beside its model: a page, JSON and its recipe. */
final class CompressionReport {
  @Option(
      names = "--report",
      paramLabel = "FOLDER",
      description =
          "Write report.html, report.json and recipe.etch there: bits and bytes of each layer, accuracy "
              + "behind each step, curves of the training.")
  private Path folder;

  @Mixin private OverwriteOption overwrite;

  private final List<StepReport> steps = new ArrayList<>();
  private List<LossCurve> curves = List.of();

  /** Checks, before any work is done, that it can be written. */
  void requireWritable() throws IOException {
    if (folder != null) {
      OutputFolder.requireFree(OutputFolder.Kind.REPORT, folder, overwrite.forced());
    }
  }

  /** Notes what came of a step. */
  void add(StepResult result) {
    steps.add(
        new StepReport(
            result.title(),
            result.size().weights(),
            result.size().kept(),
            result.size().bytes(),
            Compression.floatBytes(result.model()),
            result.size().activationBytes(),
            result.floatAccuracy().orElse(null),
            result
                .accuracy()
                .map(measured -> new AccuracyReport(measured.right(), measured.total()))
                .orElse(null),
            result.size().layers().stream().map(CompressionReport::layer).toList()));
  }

  /** Notes how the trainings of the run went. */
  void add(List<LossCurve> trainings) {
    curves = List.copyOf(trainings);
  }

  private static LayerReport layer(LayerSize layer) {
    return new LayerReport(
        layer.name(),
        layer.weights(),
        layer.kept(),
        layer.indexBits(),
        layer.code().distanceBits(),
        thousandths(layer.codedWeightBits()),
        thousandths(layer.codedDistanceBits()),
        layer.bytes(),
        thousandths(layer.entropy()));
  }

  private static double thousandths(double number) {
    return Math.round(number * 1000) / 1000.0;
  }

  /**
   * Writes it, if it is wanted.
   *
   * @param model what was compressed
   * @param arguments behind {@code etch}
   * @param recipe what was done
   */
  void write(String model, List<String> arguments, long seed, String recipe) throws IOException {
    if (folder == null) {
      return;
    }
    CompressionRun run =
        new CompressionRun(
            model,
            arguments.stream()
                .map(CompressionReport::quoted)
                .collect(Collectors.joining(" ", "etch ", "")),
            seed,
            recipe,
            steps,
            curves.stream()
                .map(c -> new TrainingReport(c.task(), c.steps(), c.interval(), c.means()))
                .toList());
    OutputFolder.Kind kind = OutputFolder.Kind.REPORT;
    try (OutputFolder target = new OutputFolder(kind, folder, overwrite.forced())) {
      CompressionPage.render(run).writeTo(target.folder());
      Files.writeString(target.folder().resolve(kind.mark()), recipe);
      target.commit();
    }
  }

  /** A word as a shell takes it. */
  private static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./+:=,@%-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
