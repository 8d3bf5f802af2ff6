// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.schedule.Allocation.Limits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * The fewest look-up tables within limits of multipliers and memory blocks, one point of each part:
 * the multiple-choice knapsack solved by dynamic programming over both limits (Kellerer, Pferschy,
 * Pisinger, <em>Knapsack Problems</em>, 2004, chapter 11). It finds what lies between two corners
 * of the convex hull, which no price of a block does, and takes longer, so it is asked last.
 */
final class ExactAllocation {
  /** Entries of the table at most; with more blocks, so many are counted as one, rounded up. */
  private static final int MOST_ENTRIES = 1 << 17;

  private static final double NONE = Double.POSITIVE_INFINITY;

  private final List<List<Step>> parts;
  private final int multipliers;
  private final int blocks;

  /**
   * A point of a part.
   *
   * @param multipliers beyond the fewest of its part
   * @param blocks beyond the fewest of its part, in units
   */
  private record Step(Point point, int multipliers, int blocks, double tables) {
    boolean covers(Step other) {
      return multipliers <= other.multipliers && blocks <= other.blocks && tables <= other.tables;
    }
  }

  private ExactAllocation(List<List<Step>> parts, int multipliers, int blocks) {
    this.parts = parts;
    this.multipliers = multipliers;
    this.blocks = blocks;
  }

  /**
   * One point of each part, in the order of the parts; empty if none fit, or the limits of
   * multipliers and blocks are too high for a table.
   *
   * @param limits of which that of blocks is finite
   */
  static Optional<List<Point>> find(List<List<Point>> parts, Limits limits) {
    double most = parts.stream().mapToDouble(p -> most(p, q -> q.area().multipliers())).sum();
    double fewest = parts.stream().mapToDouble(p -> least(p, q -> q.area().multipliers())).sum();
    double multipliers = Math.floor(Math.min(most, limits.multipliers()) - fewest);
    double blocks =
        limits.blocks() - parts.stream().mapToDouble(p -> least(p, q -> q.area().blocks())).sum();
    if (multipliers < 0 || blocks < 0 || multipliers >= MOST_ENTRIES / 2) {
      return Optional.empty();
    }
    double unit = Math.max(1, Math.ceil(blocks * (multipliers + 1) / MOST_ENTRIES));
    List<List<Step>> steps = parts.stream().map(part -> steps(part, unit)).toList();
    return new ExactAllocation(steps, (int) multipliers, (int) Math.floor(blocks / unit))
        .chosen()
        .filter(points -> limits.hold(Allocation.sum(points)));
  }

  private static double least(List<Point> part, ToDoubleFunction<Point> of) {
    return part.stream().mapToDouble(of).min().orElse(0);
  }

  private static double most(List<Point> part, ToDoubleFunction<Point> of) {
    return part.stream().mapToDouble(of).max().orElse(0);
  }

  /** Those that no other is as good as in everything. */
  private static List<Step> steps(List<Point> part, double unit) {
    double multipliers = least(part, p -> p.area().multipliers());
    double blocks = least(part, p -> p.area().blocks());
    List<Step> steps = new ArrayList<>();
    for (Point point : part) {
      Step step =
          new Step(
              point,
              (int) Math.ceil(point.area().multipliers() - multipliers),
              (int) Math.ceil((point.area().blocks() - blocks) / unit),
              point.area().luts());
      if (steps.stream().noneMatch(s -> s.covers(step))) {
        steps.removeIf(step::covers);
        steps.add(step);
      }
    }
    return steps;
  }

  private Optional<List<Point>> chosen() {
    int width = blocks + 1;
    double[] tables = new double[(multipliers + 1) * width];
    short[][] picks = new short[parts.size()][tables.length];
    for (int part = 0; part < parts.size(); part++) {
      tables = with(parts.get(part), tables, picks[part]);
    }
    int last = tables.length - 1;
    return tables[last] == NONE ? Optional.empty() : Optional.of(walkBack(picks, last));
  }

  /** The fewest look-up tables with another part, within each number of multipliers and blocks. */
  private double[] with(List<Step> part, double[] before, short[] picks) {
    int width = blocks + 1;
    double[] tables = new double[before.length];
    Arrays.fill(tables, NONE);
    for (int pick = 0; pick < part.size(); pick++) {
      Step step = part.get(pick);
      for (int m = step.multipliers; m <= multipliers; m++) {
        int from = (m - step.multipliers) * width - step.blocks;
        for (int entry = m * width + step.blocks; entry < (m + 1) * width; entry++) {
          double sum = before[from + entry - m * width] + step.tables;
          if (sum < tables[entry]) {
            tables[entry] = sum;
            picks[entry] = (short) pick;
          }
        }
      }
    }
    return tables;
  }

  private List<Point> walkBack(short[][] picks, int last) {
    List<Point> chosen = new ArrayList<>();
    int entry = last;
    for (int part = parts.size() - 1; part >= 0; part--) {
      Step step = parts.get(part).get(picks[part][entry]);
      chosen.add(step.point);
      entry -= step.multipliers * (blocks + 1) + step.blocks;
    }
    Collections.reverse(chosen);
    return chosen;
  }
}
