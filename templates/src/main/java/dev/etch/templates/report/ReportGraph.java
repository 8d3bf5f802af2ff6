// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates.report;

import dev.etch.templates.SafeText;
import dev.etch.templates.SafeText.Decimal;
import dev.etch.templates.SafeText.Markup;
import dev.etch.templates.report.ReportData.StreamReport;
import dev.etch.templates.report.ReportData.UnitReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The dataflow graph of a report as numbers for an SVG drawing. */
final class ReportGraph {
  private static final int WIDTH = 1160;
  private static final int TEXT_MARGIN = 12;
  private static final double CHARACTER_WIDTH = 7.2;

  private ReportGraph() {}

  /** What the template sees. */
  public record Drawing(int width, int height, List<Box> boxes, List<Edge> edges) {}

  /** A unit, or the host at one end (then without numbers). */
  public record Box(
      int x,
      int y,
      int width,
      int height,
      boolean host,
      boolean bottleneck,
      boolean multiplies,
      Markup name,
      Markup fullName,
      Markup kind,
      Decimal cycles,
      Decimal busy,
      int busyWidth,
      int multipliers) {}

  /** A queue: an SVG path and a label of three lines. */
  public record Edge(
      Markup path, int labelX, int labelY, Markup what, Markup beats, Markup queue, Markup name) {}

  /** Lays the graph out and fills in the numbers. */
  static Drawing draw(ReportData report) {
    Map<String, Integer> indexes = new LinkedHashMap<>();
    List<Node> nodes = new ArrayList<>();
    nodes.add(new Node("host input", null));
    // Arrays that layers share are no part of the data flow.
    report.units().stream()
        .filter(unit -> isJoined(unit, report.streams()))
        .forEach(unit -> nodes.add(new Node(unit.layer(), unit)));
    nodes.add(new Node("host output", null));
    for (int i = 1; i + 1 < nodes.size(); i++) {
      indexes.put(nodes.get(i).unit().name(), i);
    }
    List<GraphLayout.Link> links = new ArrayList<>();
    for (StreamReport stream : report.streams()) {
      links.add(
          new GraphLayout.Link(
              index(indexes, stream.producer(), 0),
              index(indexes, stream.consumer(), nodes.size() - 1)));
    }
    GraphLayout layout = new GraphLayout(nodes.size(), links, WIDTH);
    List<Box> boxes = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      boxes.add(box(nodes.get(i), layout.place(i), report.cyclesPerFrame().predicted()));
    }
    List<Edge> edges = new ArrayList<>();
    for (int i = 0; i < links.size(); i++) {
      edges.add(edge(report.streams().get(i), layout.route(i)));
    }
    return new Drawing(WIDTH, layout.height(), boxes, edges);
  }

  private static boolean isJoined(UnitReport unit, List<StreamReport> streams) {
    return streams.stream()
        .anyMatch(s -> unit.name().equals(s.producer()) || unit.name().equals(s.consumer()));
  }

  private record Node(String title, UnitReport unit) {}

  private static int index(Map<String, Integer> indexes, String name, int host) {
    if (name == null) {
      return host;
    }
    Integer index = indexes.get(name);
    if (index == null) {
      throw new IllegalArgumentException("a stream names the unknown unit " + name);
    }
    return index;
  }

  private static Box box(Node node, GraphLayout.Place place, long cyclesPerFrame) {
    UnitReport unit = node.unit();
    int characters = (int) ((place.width() - 2 * TEXT_MARGIN) / CHARACTER_WIDTH);
    if (unit == null) {
      return new Box(
          place.x(),
          place.y(),
          place.width(),
          GraphLayout.BOX_HEIGHT,
          true,
          false,
          false,
          SafeText.markup(node.title()),
          SafeText.markup(node.title()),
          SafeText.markup("AXI4-Stream"),
          SafeText.grouped(0),
          SafeText.grouped(0),
          0,
          0);
    }
    double busy = Math.min(1, (double) unit.cyclesPerFrame() / cyclesPerFrame);
    return new Box(
        place.x(),
        place.y(),
        place.width(),
        GraphLayout.BOX_HEIGHT,
        false,
        unit.bottleneck(),
        unit.utilization() > 0,
        SafeText.markup(shorten(node.title(), characters)),
        SafeText.markup(node.title() + " (" + unit.name() + ")"),
        SafeText.markup(shorten(unit.kind(), characters)),
        SafeText.grouped(unit.cyclesPerFrame()),
        SafeText.decimal(100 * busy, 1),
        (int) Math.round((place.width() - 2) * busy),
        unit.multipliers());
  }

  /** Keeps the end of a name, which tells layers of a model apart. */
  private static String shorten(String text, int characters) {
    int length = text.codePointCount(0, text.length());
    if (length <= characters) {
      return text;
    }
    return "\u2026" + text.substring(text.offsetByCodePoints(0, length - characters + 1));
  }

  private static Edge edge(StreamReport stream, GraphLayout.Route route) {
    String shape =
        stream.shape().stream().map(String::valueOf).collect(Collectors.joining("\u00d7"));
    String beats =
        SafeText.grouped(stream.beatsPerFrame())
            + (stream.beatsPerFrame() == 1 ? " beat" : " beats")
            + (stream.elementsPerBeat() == 1 ? "" : " of " + stream.elementsPerBeat());
    return new Edge(
        SafeText.markup(path(route.points())),
        route.label().x(),
        route.label().y(),
        SafeText.markup(shape.isEmpty() ? stream.elementType() : shape),
        SafeText.markup(beats),
        SafeText.markup("queue " + stream.queuePeak() + " / " + stream.queueDepth()),
        SafeText.markup(stream.name() + ": " + stream.elementType()));
  }

  private static String path(List<GraphLayout.Point> points) {
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < points.size(); i++) {
      path.append(i == 0 ? "M" : " L").append(points.get(i).x()).append(' ');
      path.append(points.get(i).y());
    }
    return path.toString();
  }
}
