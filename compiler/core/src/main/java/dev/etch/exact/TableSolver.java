// SPDX-License-Identifier: Apache-2.0
package dev.etch.exact;

import dev.etch.hardware.Sum;
import dev.etch.hardware.TieRule;
import java.util.Arrays;
import java.util.Optional;

/**
 * Finds table entries with {@code clamp((left[i] + right[j]) >> shift)} equal to every value of a
 * sum. Each pair bounds {@code left[i] + right[j]} from both sides; with the right entries negated
 * these are difference constraints, which Bellman and Ford's relaxation solves, or shows to have no
 * solution if it has not settled after as many rounds as there are entries. It starts at the exact
 * ratios, so that a few rounds settle the few pairs that rounding in float32 moved.
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

  TableSolver(SumTable table, int shift, TieRule rule) {
    this.table = table;
    this.shift = shift;
    this.rule = rule;
    this.edges = table.edges(shift, rule);
    this.left = new long[table.rows()];
    this.negatedRight = new long[table.columns()];
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
    }
    return Optional.empty();
  }

  private boolean relaxRows() {
    boolean moved = false;
    for (int i = 0; i < left.length; i++) {
      long most = left[i];
      for (int j = 0; j < negatedRight.length; j++) {
        most = Math.min(most, negatedRight[j] + mostSum(table.at(i, j)));
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
        most = Math.min(most, left[i] - leastSum(table.at(i, j)));
      }
      moved |= most < negatedRight[j];
      negatedRight[j] = most;
    }
    return moved;
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
