// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.exact.Interval;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongToIntFunction;

/**
 * The sums that tell a staircase from its neighbours: those on both sides of a step.
 *
 * <p>A scale that hardware computes is right if its line passes between all of them, so those that
 * come first here are the ones that leave least room to any line: the corners of the convex hulls
 * of the sums below a step and of those above one (A. Andrew, Another Efficient Algorithm for
 * Convex Hulls in Two Dimensions, Information Processing Letters 9(5), 1979). The smallest and the
 * largest sum follow, then the other steps, spread evenly.
 */
final class CriticalSums {
  /** Steps that are looked at. */
  private static final int MOST_STEPS = 4096;

  private final Interval range;
  private final LongToIntFunction staircase;
  private final int most;
  private final Set<Long> found = new LinkedHashSet<>();

  private CriticalSums(Interval range, LongToIntFunction staircase, int most) {
    this.range = range;
    this.staircase = staircase;
    this.most = most;
  }

  /** A sum, and what becomes of it. */
  private record Point(long sum, long level) {}

  /**
   * Critical sums of a staircase, the most critical first.
   *
   * @param range that the sums are of
   * @param staircase what becomes of a sum; of one that rises and falls again between two sums of
   *     the same level, steps may be missed
   * @param most how many at most; at least one
   */
  static List<Long> of(Interval range, LongToIntFunction staircase, int most) {
    return new CriticalSums(range, staircase, most).all();
  }

  private List<Long> all() {
    List<Point> below = new ArrayList<>();
    List<Point> above = new ArrayList<>();
    for (long last : steps()) {
      below.add(point(last));
      above.add(point(last + 1));
    }
    below.sort(Comparator.comparingLong(Point::sum));
    above.sort(Comparator.comparingLong(Point::sum));
    for (int side : new int[] {1, -1}) {
      corners(below, side).forEach(p -> found.add(p.sum()));
      corners(above, side).forEach(p -> found.add(p.sum()));
    }
    found.add(range.low());
    found.add(range.high());
    below.forEach(p -> found.add(p.sum()));
    above.forEach(p -> found.add(p.sum()));
    return found.stream().limit(most).toList();
  }

  private Point point(long sum) {
    return new Point(sum, staircase.applyAsInt(sum));
  }

  /** The last sums of steps, found by halving the range as long as the ends' levels differ. */
  private List<Long> steps() {
    List<Long> steps = new ArrayList<>();
    ArrayDeque<Interval> open = new ArrayDeque<>(List.of(range));
    while (!open.isEmpty() && steps.size() < MOST_STEPS) {
      Interval part = open.removeFirst();
      if (staircase.applyAsInt(part.low()) == staircase.applyAsInt(part.high())) {
        continue;
      }
      if (part.high() - part.low() == 1) {
        steps.add(part.low());
        continue;
      }
      long middle = Math.floorDiv(part.low() + part.high(), 2);
      open.addLast(new Interval(part.low(), middle));
      open.addLast(new Interval(middle, part.high()));
    }
    return steps;
  }

  /** The hull's corners above the points if {@code side} is 1, below them if it is -1. */
  private static List<Point> corners(List<Point> points, int side) {
    List<Point> hull = new ArrayList<>();
    for (Point next : points) {
      while (hull.size() > 1
          && side * turn(hull.get(hull.size() - 2), hull.get(hull.size() - 1), next) >= 0) {
        hull.remove(hull.size() - 1);
      }
      hull.add(next);
    }
    return hull;
  }

  /** Positive if the way from a by b to c turns to the left, negative if to the right. */
  private static int turn(Point a, Point b, Point c) {
    return product(b.sum() - a.sum(), c.level() - a.level())
        .compareTo(product(c.sum() - a.sum(), b.level() - a.level()));
  }

  private static BigInteger product(long a, long b) {
    return BigInteger.valueOf(a).multiply(BigInteger.valueOf(b));
  }
}
