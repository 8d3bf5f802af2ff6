// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.area.Area;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Divides multipliers, look-up tables and memory blocks among the parts of a design: one point of
 * each, so that the sums are within the limits. This is a multiple-choice knapsack of three
 * dimensions. That of the multipliers, where whole numbers matter most, is solved exactly, by
 * dynamic programming over the parts; memory blocks have a price in look-up tables, which is moved
 * until both fit (Lagrangian relaxation, Everett, <em>Operations Research</em> 11, 1963).
 */
final class Allocation {
  /** Look-up tables that a memory block is worth where both are plenty. */
  private static final double USUAL_PRICE = 100;

  /** The same for a multiplier where nothing is limited: what {@link ArraySearch} gives for one. */
  private static final double MULTIPLIER_WORTH = 40;

  private static final double LEAST_PRICE = 1;
  private static final double HIGHEST_PRICE = 10_000;
  private static final int PRICES = 10;

  /** Multipliers that are told apart; with more, each part takes as many as it likes. */
  private static final int MOST_MULTIPLIERS = 4096;

  /** What a register is worth in look-up tables, among points that are equal otherwise. */
  private static final double REGISTER_WORTH = 0.01;

  private final List<List<Point>> parts;
  private final Limits limits;

  /**
   * What there is.
   *
   * @param blocks parts of memory blocks, as {@link Area} counts them
   */
  record Limits(double multipliers, double luts, double blocks) {
    /** Everything there is. */
    static final Limits NONE =
        new Limits(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);

    private boolean areNone() {
      return NONE.equals(this);
    }

    /** Whether look-up tables or memory blocks are limited. */
    boolean areOfArea() {
      return Math.min(luts, blocks) != Double.POSITIVE_INFINITY;
    }

    boolean hold(Area area) {
      return area.multipliers() <= multipliers && area.luts() <= luts && area.blocks() <= blocks;
    }

    Limits minus(Area area) {
      return new Limits(
          multipliers - area.multipliers(), luts - area.luts(), blocks - area.blocks());
    }
  }

  private Allocation(List<List<Point>> parts, Limits limits) {
    this.parts = parts;
    this.limits = limits;
  }

  /**
   * One point of each part, in the order of the parts; empty if none were found that fit.
   *
   * @param parts points of each, those of few multipliers first
   */
  static Optional<List<Point>> find(List<List<Point>> parts, Limits limits) {
    return parts.stream().anyMatch(List::isEmpty)
        ? Optional.empty()
        : new Allocation(parts, limits).find();
  }

  private Optional<List<Point>> find() {
    if (!mayFit()) {
      return Optional.empty();
    }
    double low = LEAST_PRICE;
    double high = HIGHEST_PRICE;
    double price = USUAL_PRICE;
    for (int i = 0; i < PRICES; i++) {
      List<Point> chosen = at(price);
      if (chosen.isEmpty()) {
        return Optional.empty();
      }
      Area sum = sum(chosen);
      boolean blocksFit = sum.blocks() <= limits.blocks();
      boolean tablesFit = sum.luts() <= limits.luts();
      if (blocksFit && tablesFit) {
        return Optional.of(chosen);
      }
      if (isTooMuch(sum, price)) {
        return Optional.empty();
      }
      low = blocksFit ? low : price;
      high = blocksFit ? price : high;
      price = Math.sqrt(low * high);
    }
    return limits.blocks() == Double.POSITIVE_INFINITY
        ? Optional.empty()
        : ExactAllocation.find(parts, limits);
  }

  /**
   * Whether the cheapest at a price proves that nothing fits: what fits costs no more than the
   * limits themselves.
   */
  private boolean isTooMuch(Area cheapest, double price) {
    double atMost = limits.luts() + price * limits.blocks();
    return cheapest.luts() + price * cheapest.blocks() > atMost + REGISTER_WORTH * mostRegisters();
  }

  private double mostRegisters() {
    return parts.stream()
        .mapToDouble(part -> part.stream().mapToDouble(p -> p.area().flipFlops()).max().orElse(0))
        .sum();
  }

  /** Whether each resource by itself suffices. */
  private boolean mayFit() {
    Area least = Area.NONE;
    for (List<Point> points : parts) {
      least =
          least.plus(
              new Area(
                  points.stream().mapToDouble(p -> p.area().luts()).min().orElseThrow(),
                  0,
                  points.get(0).area().multipliers(),
                  points.stream().mapToDouble(p -> p.area().blocks()).min().orElseThrow()));
    }
    return limits.hold(least);
  }

  static Area sum(List<Point> chosen) {
    return chosen.stream().map(Point::area).reduce(Area.NONE, Area::plus);
  }

  private double cost(Point point, double price) {
    return point.area().luts()
        + (limits.areNone() ? MULTIPLIER_WORTH * point.area().multipliers() : 0)
        + price * point.area().blocks()
        + REGISTER_WORTH * point.area().flipFlops();
  }

  /** Points of a part that cost less than all with fewer multipliers. */
  private List<Point> worthwhile(List<Point> points, double price) {
    List<Point> worthwhile = new ArrayList<>();
    double least = Double.MAX_VALUE;
    for (Point point : points) {
      double cost = cost(point, price);
      int last = worthwhile.size() - 1;
      if (cost < least) {
        if (last >= 0 && multipliers(worthwhile.get(last)) == multipliers(point)) {
          worthwhile.remove(last);
        }
        worthwhile.add(point);
        least = cost;
      }
    }
    return worthwhile;
  }

  private static int multipliers(Point point) {
    return (int) Math.round(point.area().multipliers());
  }

  /** The cheapest within the limit of multipliers; empty if there is none. */
  private List<Point> at(double price) {
    List<List<Point>> open = parts.stream().map(l -> worthwhile(l, price)).toList();
    int least = open.stream().mapToInt(l -> multipliers(l.get(0))).sum();
    int most = open.stream().mapToInt(l -> multipliers(l.get(l.size() - 1))).sum();
    int room = (int) Math.min(Math.floor(limits.multipliers()), most) - least;
    if (room < 0) {
      return List.of();
    }
    if (room >= Math.min(most - least, MOST_MULTIPLIERS)) {
      return open.stream().map(l -> l.get(l.size() - 1)).toList();
    }
    return divide(open, room, price);
  }

  /**
   * Dynamic programming: {@code costs[r]} is the least cost of the parts so far with {@code r}
   * multipliers beyond the fewest of each.
   */
  private List<Point> divide(List<List<Point>> open, int room, double price) {
    double[] costs = new double[room + 1];
    int[][] picks = new int[open.size()][room + 1];
    for (int part = 0; part < open.size(); part++) {
      List<Point> points = open.get(part);
      double[] next = new double[room + 1];
      Arrays.fill(next, Double.MAX_VALUE);
      for (int pick = 0; pick < points.size(); pick++) {
        int more = multipliers(points.get(pick)) - multipliers(points.get(0));
        double cost = cost(points.get(pick), price);
        for (int r = more; r <= room; r++) {
          double sum = costs[r - more] + cost;
          if (sum < next[r]) {
            next[r] = sum;
            picks[part][r] = pick;
          }
        }
      }
      costs = next;
    }
    List<Point> chosen = new ArrayList<>();
    int r = room;
    for (int part = open.size() - 1; part >= 0; part--) {
      List<Point> points = open.get(part);
      Point point = points.get(picks[part][r]);
      chosen.add(point);
      r -= multipliers(point) - multipliers(points.get(0));
    }
    Collections.reverse(chosen);
    return chosen;
  }
}
