// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates.report;

import dev.etch.templates.SafeText;
import dev.etch.templates.Templates;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Cycles per frame over multipliers, both logarithmic, one line a model beside its bound, as an SVG
 * file that stands alone. Every point carries its ratio to the bound.
 */
public final class CurveChart {
  private static final int LEFT = 84;
  private static final int TOP = 24;
  private static final int WIDTH = 560;
  private static final int HEIGHT = 360;
  private static final int COLOURS = 6;
  private static final int LABEL_HEIGHT = 15;

  private final List<BudgetCurve> curves;
  private final double leastBudget;
  private final double mostBudget;
  private final double leastDecade;
  private final double mostDecade;

  /** A line of the grid. */
  public record Tick(int place, SafeText.Markup label) {}

  /** A marker. */
  public record Mark(int x, int y, SafeText.Markup title, SafeText.Markup label) {}

  /** A model's lines. */
  public record Line(
      int colour,
      SafeText.Markup cycles,
      SafeText.Markup bound,
      List<Mark> marks,
      int labelX,
      int labelY,
      SafeText.Markup model) {}

  /** Everything that the template prints. */
  public record Drawing(
      int left,
      int top,
      int right,
      int bottom,
      List<Tick> columns,
      List<Tick> rows,
      List<Line> lines) {}

  private CurveChart(List<BudgetCurve> curves) {
    this.curves = curves;
    var points = curves.stream().flatMap(c -> c.points().stream()).toList();
    leastBudget = points.stream().mapToInt(BudgetCurve.Point::budget).min().orElse(1);
    mostBudget = points.stream().mapToInt(BudgetCurve.Point::budget).max().orElse(1);
    leastDecade =
        Math.floor(Math.log10(points.stream().mapToDouble(p -> p.bound()).min().orElse(1)));
    mostDecade =
        Math.max(
            leastDecade + 1,
            Math.ceil(Math.log10(points.stream().mapToLong(p -> p.cycles()).max().orElse(10))));
  }

  /** The text of the SVG file. */
  public static String svg(List<BudgetCurve> curves) {
    return Templates.render("report/curve.svg.vm", new CurveChart(curves).drawing());
  }

  private Drawing drawing() {
    List<Tick> columns =
        curves.stream()
            .flatMap(c -> c.points().stream())
            .map(BudgetCurve.Point::budget)
            .distinct()
            .sorted()
            .map(budget -> new Tick(x(budget), SafeText.markup(String.valueOf(budget))))
            .toList();
    List<Tick> rows = new ArrayList<>();
    for (double decade = leastDecade; decade <= mostDecade; decade++) {
      double cycles = Math.pow(10, decade);
      rows.add(new Tick(y(cycles), SafeText.markup(String.format(Locale.ROOT, "%,.0f", cycles))));
    }
    return new Drawing(LEFT, TOP, LEFT + WIDTH, TOP + HEIGHT, columns, rows, lines());
  }

  private List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    List<Integer> taken = new ArrayList<>();
    for (BudgetCurve curve : curves) {
      BudgetCurve.Point last = curve.points().get(curve.points().size() - 1);
      int label = free(y(last.cycles()), taken);
      taken.add(label);
      lines.add(
          new Line(
              lines.size() % COLOURS,
              path(curve.points().stream().map(p -> x(p.budget()) + "," + y(p.cycles())).toList()),
              path(curve.points().stream().map(p -> x(p.budget()) + "," + y(p.bound())).toList()),
              curve.points().stream().map(p -> mark(curve.model(), p)).toList(),
              x(last.budget()) + 12,
              label + 4,
              SafeText.markup(curve.model())));
    }
    return lines;
  }

  /** The place nearest to {@code wanted}, downwards, that no label covers. */
  private static int free(int wanted, List<Integer> taken) {
    int place = wanted;
    while (covers(place, taken)) {
      place++;
    }
    return place;
  }

  private static boolean covers(int place, List<Integer> taken) {
    return taken.stream().anyMatch(other -> Math.abs(place - other) < LABEL_HEIGHT);
  }

  private static SafeText.Markup path(List<String> points) {
    return SafeText.markup(points.stream().collect(Collectors.joining(" ")));
  }

  private Mark mark(String model, BudgetCurve.Point point) {
    String title =
        String.format(
            Locale.ROOT,
            "%s, %d multipliers: %,d cycles, %.2f times the bound",
            model,
            point.budget(),
            point.cycles(),
            point.ratio());
    return new Mark(
        x(point.budget()),
        y(point.cycles()),
        SafeText.markup(title),
        SafeText.markup(String.format(Locale.ROOT, "%.2f", point.ratio())));
  }

  private int x(double budget) {
    double part =
        mostBudget > leastBudget
            ? Math.log(budget / leastBudget) / Math.log(mostBudget / leastBudget)
            : 0.5;
    return (int) Math.round(LEFT + part * WIDTH);
  }

  private int y(double cycles) {
    double part = (Math.log10(cycles) - leastDecade) / (mostDecade - leastDecade);
    return (int) Math.round(TOP + (1 - part) * HEIGHT);
  }
}
