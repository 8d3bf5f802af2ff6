// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A layered drawing of a directed acyclic graph, folded into columns so that a long chain fills a
 * page. A node's layer is the longest path to it. An edge over several layers passes each layer in
 * between in a narrow slot to the right of that layer's boxes, so the main chain stays straight.
 */
final class GraphLayout {
  private static final int MOST_COLUMNS = 3;
  private static final int ROWS_OF_A_SHORT_COLUMN = 5;
  static final int BOX_HEIGHT = 62;
  private static final int GAP = 56;
  private static final int WIDEST_BOX = 200;
  private static final int SLOT = 16;
  private static final int MARGIN = 34;
  private static final int LABEL_ROOM = 30;

  /** A node's place. */
  record Place(int x, int y, int width) {
    int centre() {
      return x + width / 2;
    }

    int bottom() {
      return y + BOX_HEIGHT;
    }
  }

  /** A corner of an edge. */
  record Point(int x, int y) {}

  /** An edge's corners and where its label starts. */
  record Route(List<Point> points, Point label) {}

  /** An edge by the indexes of its nodes, source before target. */
  record Link(int source, int target) {}

  private final List<Link> links;
  private final int[] layers;
  private final int layerCount;
  private final int columns;
  private final int rows;
  private final int columnWidth;
  private final Map<Integer, List<Integer>> nodesOfLayer = new HashMap<>();
  private final Map<Integer, List<Integer>> linksThroughLayer = new HashMap<>();
  private final Place[] places;

  GraphLayout(int nodes, List<Link> links, int width) {
    this.links = links;
    layers = longestPaths(nodes, links);
    int deepest = 0;
    for (int node = 0; node < nodes; node++) {
      nodesOfLayer.computeIfAbsent(layers[node], k -> new ArrayList<>()).add(node);
      deepest = Math.max(deepest, layers[node]);
    }
    layerCount = deepest + 1;
    columns =
        Math.min(MOST_COLUMNS, (layerCount + ROWS_OF_A_SHORT_COLUMN - 1) / ROWS_OF_A_SHORT_COLUMN);
    rows = (layerCount + columns - 1) / columns;
    columnWidth = width / columns;
    findPassingLinks();
    places = new Place[nodes];
    for (int layer = 0; layer < layerCount; layer++) {
      placeLayer(layer);
    }
  }

  private static int[] longestPaths(int nodes, List<Link> links) {
    int[] layers = new int[nodes];
    for (int round = 0; round < nodes; round++) {
      boolean changed = false;
      for (Link link : links) {
        if (layers[link.target()] <= layers[link.source()]) {
          layers[link.target()] = layers[link.source()] + 1;
          changed = true;
        }
      }
      if (!changed) {
        return layers;
      }
    }
    throw new IllegalArgumentException("the graph has a cycle");
  }

  private void findPassingLinks() {
    for (int i = 0; i < links.size(); i++) {
      for (int k = layers[links.get(i).source()] + 1; k < layers[links.get(i).target()]; k++) {
        linksThroughLayer.computeIfAbsent(k, key -> new ArrayList<>()).add(i);
      }
    }
  }

  private void placeLayer(int layer) {
    List<Integer> nodes = nodesOfLayer.get(layer);
    int passing = linksThroughLayer.getOrDefault(layer, List.of()).size();
    int room = columnWidth - 2 * MARGIN - (nodes.size() - 1) * SLOT - 2 * passing * SLOT;
    int boxWidth = Math.max(40, Math.min(WIDEST_BOX, room / nodes.size()));
    int total = nodes.size() * boxWidth + (nodes.size() - 1) * SLOT;
    int x = column(layer) * columnWidth + (columnWidth - LABEL_ROOM - total) / 2;
    for (int node : nodes) {
      places[node] = new Place(x, rowTop(layer), boxWidth);
      x += boxWidth + SLOT;
    }
  }

  private int column(int layer) {
    return layer / rows;
  }

  private int rowTop(int layer) {
    return GAP + (layer % rows) * (BOX_HEIGHT + GAP);
  }

  Place place(int node) {
    return places[node];
  }

  int height() {
    return GAP + rows * (BOX_HEIGHT + GAP);
  }

  private int slotX(int layer, int link) {
    List<Integer> nodes = nodesOfLayer.get(layer);
    Place last = places[nodes.get(nodes.size() - 1)];
    return last.x() + last.width() + SLOT * (1 + linksThroughLayer.get(layer).indexOf(link));
  }

  /** Where an edge goes, from the bottom of its source to the top of its target. */
  Route route(int link) {
    Link ends = links.get(link);
    List<Point> points = new ArrayList<>();
    Place source = places[ends.source()];
    points.add(new Point(portX(link, true), source.bottom()));
    int first = layers[ends.source()];
    int last = layers[ends.target()];
    for (int layer = first + 1; layer <= last; layer++) {
      int x = layer == last ? portX(link, false) : slotX(layer, link);
      step(points, layer, x, link);
      if (layer < last) {
        points.add(new Point(x, rowTop(layer) + BOX_HEIGHT));
      }
    }
    return new Route(points, label(ends, link, points));
  }

  /** Adds the corners from the last point, at the bottom of a layer, to the top of the next. */
  private void step(List<Point> points, int layer, int x, int link) {
    Point from = points.get(points.size() - 1);
    int offset = 7 * orderAmong(layer, link);
    if (column(layer) == column(layer - 1)) {
      if (from.x() != x) {
        int y = from.y() + 10 + offset;
        points.add(new Point(from.x(), y));
        points.add(new Point(x, y));
      }
    } else {
      int gutter = column(layer) * columnWidth - 8 + offset;
      int low = GAP + rows * (BOX_HEIGHT + GAP) - GAP + 12 + offset;
      int high = GAP - 44 + offset;
      points.add(new Point(from.x(), low));
      points.add(new Point(gutter, low));
      points.add(new Point(gutter, high));
      points.add(new Point(x, high));
    }
    points.add(new Point(x, rowTop(layer)));
  }

  private int orderAmong(int layer, int link) {
    int order = 0;
    for (int other = 0; other < link; other++) {
      Link ends = links.get(other);
      if (layers[ends.source()] < layer && layers[ends.target()] >= layer) {
        order++;
      }
    }
    return order;
  }

  /** Ports of a node are spread over its side, those of passing links to the right. */
  private int portX(int link, boolean atSource) {
    int node = atSource ? links.get(link).source() : links.get(link).target();
    List<Integer> direct = new ArrayList<>();
    List<Integer> passing = new ArrayList<>();
    for (int i = 0; i < links.size(); i++) {
      Link l = links.get(i);
      if ((atSource ? l.source() : l.target()) == node) {
        (layers[l.target()] - layers[l.source()] == 1 ? direct : passing).add(i);
      }
    }
    Place place = places[node];
    if (passing.contains(link)) {
      return place.x() + place.width() - 12 - 12 * (passing.size() - 1 - passing.indexOf(link));
    }
    int spread = Math.min(60, place.width() / (direct.size() + 1));
    return place.centre() + spread * (2 * direct.indexOf(link) - direct.size() + 1) / 2;
  }

  private Point label(Link ends, int link, List<Point> points) {
    int layer = layers[ends.source()] + 1;
    if (layer < layers[ends.target()]) {
      return new Point(slotX(layer, link) + 6, rowTop(layer) + BOX_HEIGHT / 2 - 8);
    }
    Point last = points.get(points.size() - 1);
    return new Point(last.x() + 7, last.y() - 30);
  }
}
