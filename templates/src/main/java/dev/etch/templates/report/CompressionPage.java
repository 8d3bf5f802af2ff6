// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates.report;

import dev.etch.templates.GeneratedFiles;
import dev.etch.templates.SafeText;
import dev.etch.templates.SafeText.Decimal;
import dev.etch.templates.SafeText.Markup;
import dev.etch.templates.Templates;
import dev.etch.templates.report.CompressionRun.LayerReport;
import dev.etch.templates.report.CompressionRun.StepReport;
import dev.etch.templates.report.CompressionRun.TrainingReport;
import dev.etch.templates.report.LineChart.Column;
import dev.etch.templates.report.LineChart.Point;
import dev.etch.templates.report.LineChart.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The report of a compression: one page without scripts or links to other files, and JSON. */
public final class CompressionPage {
  private static final int PERCENT = 100;
  private static final int THOUSANDTHS = 1000;

  private CompressionPage() {}

  /** {@code report.html} and {@code report.json}; the same run gives the same bytes. */
  public static GeneratedFiles render(CompressionRun run) {
    return new GeneratedFiles.Builder()
        .add(ReportFiles.JSON, ReportFiles.json(run))
        .add(ReportFiles.HTML, Templates.render("report/compression.html.vm", variables(run)))
        .build();
  }

  /** What the template sees. */
  public record Variables(
      Markup model,
      Markup command,
      Decimal seed,
      List<Markup> recipe,
      Decimal bytes,
      Decimal ratio,
      Decimal kept,
      Decimal weights,
      Decimal keptPercent,
      Markup accuracy,
      Markup floatAccuracy,
      List<Step> steps,
      List<Layer> layers,
      Decimal activationBytes,
      boolean measured,
      LineChart.Drawing accuracies,
      boolean trained,
      LineChart.Drawing losses) {}

  /** A row of the table of steps; the bar is in thousandths of the longest. */
  public record Step(
      Markup title,
      Decimal kept,
      Decimal keptPercent,
      Decimal bytes,
      int bytesBar,
      Decimal ratio,
      Markup floatAccuracy,
      Markup accuracy) {}

  /** A row of the table of layers; the bar is in thousandths of the longest. */
  public record Layer(
      Markup name,
      Decimal weights,
      Decimal kept,
      Decimal keptPercent,
      Decimal bits,
      Decimal distanceBits,
      Decimal codedBits,
      Decimal codedDistanceBits,
      Decimal bytes,
      int bytesBar,
      Decimal entropy) {}

  private static Variables variables(CompressionRun run) {
    StepReport last = run.last();
    List<Series> accuracies =
        List.of(
            series("integers, by the reference", run, CompressionPage::integers),
            series("float", run, step -> Optional.ofNullable(step.floatAccuracy())));
    return new Variables(
        SafeText.markup(run.model()),
        SafeText.markup(run.command()),
        SafeText.grouped(run.seed()),
        run.recipe().lines().map(SafeText::markup).toList(),
        SafeText.grouped(last.bytes()),
        ratio(last),
        SafeText.grouped(last.kept()),
        SafeText.grouped(last.weights()),
        percent(last.kept(), last.weights()),
        share(integers(last)),
        share(Optional.ofNullable(last.floatAccuracy())),
        steps(run),
        layers(last.layers()),
        SafeText.grouped(last.activationBytes()),
        integers(last).isPresent(),
        LineChart.draw(accuracies, titles(run)),
        run.trainings().stream().anyMatch(training -> training.steps() > 0),
        losses(run.trainings()));
  }

  private static List<Step> steps(CompressionRun run) {
    long largest = run.steps().stream().mapToLong(StepReport::bytes).max().orElse(1);
    return run.steps().stream()
        .map(
            step ->
                new Step(
                    SafeText.markup(step.title()),
                    SafeText.grouped(step.kept()),
                    percent(step.kept(), step.weights()),
                    SafeText.grouped(step.bytes()),
                    thousandths(step.bytes(), largest),
                    ratio(step),
                    share(Optional.ofNullable(step.floatAccuracy())),
                    share(integers(step))))
        .toList();
  }

  private static List<Layer> layers(List<LayerReport> layers) {
    long largest = layers.stream().mapToLong(LayerReport::bytes).max().orElse(1);
    return layers.stream()
        .map(
            layer ->
                new Layer(
                    SafeText.markup(layer.name()),
                    SafeText.grouped(layer.weights()),
                    SafeText.grouped(layer.kept()),
                    percent(layer.kept(), layer.weights()),
                    SafeText.grouped(layer.bits()),
                    SafeText.grouped(layer.distanceBits()),
                    SafeText.decimal(layer.codedBits(), 2),
                    SafeText.decimal(layer.codedDistanceBits(), 2),
                    SafeText.grouped(layer.bytes()),
                    thousandths(layer.bytes(), largest),
                    SafeText.decimal(layer.entropy(), 2)))
        .toList();
  }

  private static Optional<Double> integers(StepReport step) {
    return Optional.ofNullable(step.accuracy()).map(CompressionRun.AccuracyReport::share);
  }

  private static Series series(
      String name, CompressionRun run, Function<StepReport, Optional<Double>> share) {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < run.steps().size(); i++) {
      int place = i;
      share
          .apply(run.steps().get(i))
          .ifPresent(part -> points.add(new Point(place, PERCENT * part)));
    }
    return new Series(name, points);
  }

  private static List<Column> titles(CompressionRun run) {
    List<Column> columns = new ArrayList<>();
    for (StepReport step : run.steps()) {
      columns.add(new Column(columns.size(), step.title()));
    }
    return columns;
  }

  /** One training behind the other. */
  private static LineChart.Drawing losses(List<TrainingReport> trainings) {
    List<Series> lines = new ArrayList<>();
    List<Column> columns = new ArrayList<>();
    columns.add(new Column(0, "0"));
    long before = 0;
    for (TrainingReport training : trainings) {
      List<Point> points = new ArrayList<>();
      for (int i = 0; i < training.losses().size(); i++) {
        int step = Math.min(training.steps(), (i + 1) * training.interval());
        points.add(new Point(before + step, training.losses().get(i)));
      }
      lines.add(new Series(training.task(), points));
      before += training.steps();
      if (training.steps() > 0) {
        columns.add(new Column(before, SafeText.grouped(before).toString()));
      }
    }
    return LineChart.draw(lines, columns);
  }

  private static Decimal ratio(StepReport step) {
    return SafeText.decimal((double) step.floatBytes() / step.bytes(), 1);
  }

  private static Decimal percent(long part, long all) {
    return SafeText.decimal((double) PERCENT * part / all, 2);
  }

  private static Markup share(Optional<Double> share) {
    return SafeText.markup(
        share.map(part -> SafeText.decimal(PERCENT * part, 2) + " %").orElse("not measured"));
  }

  private static int thousandths(long part, long all) {
    return (int) Math.round((double) THOUSANDTHS * part / Math.max(1, all));
  }
}
