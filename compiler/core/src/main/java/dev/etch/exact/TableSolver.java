// SPDX-License-Identifier: Apache-2.0
package dev.etch.exact;

import dev.etch.hardware.Sum;
import dev.etch.hardware.arithmetic.TieRule;
import java.util.Arrays;
import java.util.Optional;

/**
 * Finds table entries with {@code clamp((left[i] + right[j]) >> shift)} equal to every value of a
 * sum. Each pair bounds {@code left[i] + right[j]} from both sides; with the right entries negated
 * these are difference constraints, which Bellman and Ford's relaxation solves. It starts at the
 * exact ratios, so that a few rounds settle the few pairs that rounding in float32 moved.
 *
 * <p>Constraints without a solution hold a cycle of negative length; an entry of it is then bounded
 * by itself, through the entries that bound it last. Looking for such a cycle after each round ends
 * a vain search after a few (Cherkassky and Goldberg, "Negative-cycle detection algorithms", 1999,
 * section 3.2); without, it takes as many rounds as there are entries.
 */
final class TableSolver {
  /** Beyond every edge; the clamped ends of the table leave one side open. */
  private static final long OPEN = 1L << 58;

  private final SumTable table;
  private final int shift;
  private final TieRule rule;
  private final long[] edges;
  private final long[] left;
  private final long[] negatedRight;

  /** The entry that bounded each entry last, rows first and then columns; -1 where none did. */
  private final int[] bounds;

  TableSolver(SumTable table, int shift, TieRule rule) {
    this.table = table;
    this.shift = shift;
    this.rule = rule;
    this.edges = table.edges(shift, rule);
    this.left = new long[table.rows()];
    this.negatedRight = new long[table.columns()];
    this.bounds = new int[left.length + negatedRight.length];
    Arrays.fill(bounds, -1);
    double unit = 1L << shift;
    Arrays.setAll(left, i -> Math.round(table.left(i) * table.leftSlope() * unit));
    Arrays.setAll(negatedRight, j -> -Math.round(table.right(j) * table.rightSlope() * unit));
  }

  Optional<Sum> solve() {
    int rounds = left.length + negatedRight.length + 1;
    for (int round = 0; round < rounds; round++) {
      boolean rowsMoved = relaxRows();
      boolean columnsMoved = relaxColumns();
      if (!rowsMoved && !columnsMoved) {
        return Optional.of(result());
      }
      if (boundsItself()) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private boolean relaxRows() {
    boolean moved = false;
    for (int i = 0; i < left.length; i++) {
      long most = left[i];
      for (int j = 0; j < negatedRight.length; j++) {
        long bound = negatedRight[j] + mostSum(table.at(i, j));
        if (bound < most) {
          most = bound;
          bounds[i] = left.length + j;
        }
      }
      moved |= most < left[i];
      left[i] = most;
    }
    return moved;
  }

  private boolean relaxColumns() {
    boolean moved = false;
    for (int j = 0; j < negatedRight.length; j++) {
      long most = negatedRight[j];
      for (int i = 0; i < left.length; i++) {
        long bound = left[i] - leastSum(table.at(i, j));
        if (bound < most) {
          most = bound;
          bounds[left.length + j] = i;
        }
      }
      moved |= most < negatedRight[j];
      negatedRight[j] = most;
    }
    return moved;
  }

  /** Whether the entries that bound an entry, and those that bound them, lead back to it. */
  private boolean boundsItself() {
    int[] walks = new int[bounds.length];
    for (int start = 0; start < bounds.length; start++) {
      int entry = start;
      while (entry >= 0 && walks[entry] == 0) {
        walks[entry] = start + 1;
        entry = bounds[entry];
      }
      if (entry >= 0 && walks[entry] == start + 1) {
        return true;
      }
    }
    return false;
  }

  private long leastSum(int level) {
    return level > table.lowest() ? edges[level - table.lowest()] : -OPEN;
  }

  private long mostSum(int level) {
    return level < table.highest() ? edges[level - table.lowest() + 1] - 1 : OPEN;
  }

  private Sum result() {
    return new Sum.Tables(
        Arrays.stream(left).boxed().toList(),
        table.leftLow(),
        Arrays.stream(negatedRight).mapToObj(entry -> (Long) (-entry)).toList(),
        table.rightLow(),
        shift,
        rule,
        table.lowest(),
        table.highest());
  }
}
