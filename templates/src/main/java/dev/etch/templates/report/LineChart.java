// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates.report;

import dev.etch.templates.SafeText;
import dev.etch.templates.SafeText.Markup;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Lines over linear axes, for a page that has the colours. */
final class LineChart {
  private static final int LEFT = 70;
  private static final int TOP = 30;
  private static final int WIDTH = 760;
  private static final int HEIGHT = 220;
  private static final int COLOURS = 6;
  private static final int MOST_ROWS = 6;

  private final List<Series> series;
  private final double least;
  private final double most;
  private final double width;
  private final double distance;

  /** A named line; x does not fall. */
  record Series(String name, List<Point> points) {
    Series {
      points = List.copyOf(points);
    }
  }

  /** A point of a line; finite. */
  record Point(double x, double y) {}

  /** A labelled place on the axis of x. */
  record Column(double x, String name) {}

  /** A line of the grid. */
  public record Tick(int place, Markup label) {}

  /** A marker. */
  public record Mark(int x, int y) {}

  /** A line with a marker at its end. */
  public record Line(int colour, Markup name, Markup points, Mark end, int labelX) {}

  /** Everything that the template prints. */
  public record Drawing(
      int left,
      int top,
      int right,
      int bottom,
      int width,
      int height,
      List<Tick> columns,
      List<Tick> rows,
      List<Line> lines) {}

  private LineChart(List<Series> series) {
    this.series = series.stream().filter(line -> !line.points().isEmpty()).toList();
    var points = this.series.stream().flatMap(line -> line.points().stream()).toList();
    double low = points.stream().mapToDouble(Point::y).min().orElse(0);
    double high = points.stream().mapToDouble(Point::y).max().orElse(1);
    distance = distance(low, high);
    least = Math.floor(low / distance) * distance;
    most = Math.max(least + distance, Math.ceil(high / distance) * distance);
    width = Math.max(1, points.stream().mapToDouble(Point::x).max().orElse(1));
  }

  /**
   * A chart.
   *
   * @param columns labelled places on the axis of x, which begins at 0
   */
  static Drawing draw(List<Series> series, List<Column> columns) {
    return new LineChart(series).drawing(columns);
  }

  /** 1, 2 or 5 times a power of ten, so that there are few rows. */
  private static double distance(double low, double high) {
    double wanted = Math.max(high - low, 1e-9) / (MOST_ROWS - 1);
    double power = Math.pow(10, Math.floor(Math.log10(wanted)));
    for (double times : new double[] {1, 2, 5}) {
      if (times * power >= wanted) {
        return times * power;
      }
    }
    return 10 * power;
  }

  private Drawing drawing(List<Column> columns) {
    List<Tick> rows = new ArrayList<>();
    int digits = (int) Math.max(0, Math.ceil(-Math.log10(distance)));
    for (int i = 0; least + i * distance <= most + distance / 2; i++) {
      double value = least + i * distance;
      rows.add(new Tick(y(value), SafeText.markup(SafeText.decimal(value, digits).toString())));
    }
    List<Tick> labels =
        columns.stream()
            .map(column -> new Tick(x(column.x()), SafeText.markup(column.name())))
            .toList();
    return new Drawing(
        LEFT,
        TOP,
        LEFT + WIDTH,
        TOP + HEIGHT,
        LEFT + WIDTH + 40,
        TOP + HEIGHT + 40,
        labels,
        rows,
        lines());
  }

  private List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    for (Series line : series) {
      Point last = line.points().get(line.points().size() - 1);
      String points =
          line.points().stream()
              .map(point -> x(point.x()) + "," + y(point.y()))
              .collect(Collectors.joining(" "));
      lines.add(
          new Line(
              lines.size() % COLOURS,
              SafeText.markup(line.name()),
              SafeText.markup(points),
              new Mark(x(last.x()), y(last.y())),
              LEFT + lines.size() * WIDTH / series.size()));
    }
    return lines;
  }

  private int x(double x) {
    return (int) Math.round(LEFT + x / width * WIDTH);
  }

  private int y(double y) {
    return (int) Math.round(TOP + (most - y) / (most - least) * HEIGHT);
  }
}
