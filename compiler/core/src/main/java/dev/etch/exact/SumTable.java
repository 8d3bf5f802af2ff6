// SPDX-License-Identifier: Apache-2.0
package dev.etch.exact;

import dev.etch.hardware.arithmetic.TieRule;
import dev.etch.op.requantization.SumRequantization;
import java.util.Arrays;

/**
 * A requantized sum as the table of all its values, with the slopes along both operands. A sum that
 * falls with its right operand is taken as one that grows with the negative of it.
 */
final class SumTable {
  private final int leftLow;
  private final int rightLow;
  private final boolean mirrored;
  private final int[][] values;
  private final int lowest;
  private final int highest;
  private final double leftSlope;
  private final double rightSlope;

  private SumTable(SumRequantization definition, Interval left, Interval right) {
    leftLow = Math.toIntExact(left.low());
    mirrored = definition.rightRatio() < 0;
    rightLow = Math.toIntExact(mirrored ? -right.high() : right.low());
    values = new int[Math.toIntExact(left.high() - left.low() + 1)][];
    for (int i = 0; i < values.length; i++) {
      values[i] = new int[Math.toIntExact(right.high() - right.low() + 1)];
      for (int j = 0; j < values[i].length; j++) {
        int other = rightLow + j;
        values[i][j] = definition.apply(leftLow + i, mirrored ? -other : other);
      }
    }
    lowest = values[0][0];
    int[] last = values[values.length - 1];
    highest = last[last.length - 1];
    leftSlope = definition.leftRatio();
    rightSlope = Math.abs(definition.rightRatio());
  }

  static SumTable of(SumRequantization definition, Interval left, Interval right) {
    return new SumTable(definition, left, right);
  }

  /** Whether the right operand is the negative of the definition's. */
  boolean isMirrored() {
    return mirrored;
  }

  int rows() {
    return values.length;
  }

  int columns() {
    return values[0].length;
  }

  int left(int row) {
    return leftLow + row;
  }

  int leftLow() {
    return leftLow;
  }

  int right(int column) {
    return rightLow + column;
  }

  int rightLow() {
    return rightLow;
  }

  int at(int row, int column) {
    return values[row][column];
  }

  int lowest() {
    return lowest;
  }

  int highest() {
    return highest;
  }

  double leftSlope() {
    return leftSlope;
  }

  double rightSlope() {
    return rightSlope;
  }

  /** Every offset that makes the linear form exact, or null if there is none. */
  Interval offsets(long leftMultiplier, long rightMultiplier, int shift, TieRule rule) {
    // no pair may ask for an offset beyond these: the clamped ends leave one side open
    long least = -(1L << 60);
    long most = 1L << 60;
    long[] edges = edges(shift, rule);
    for (int i = 0; i < values.length; i++) {
      for (int j = 0; j < values[i].length; j++) {
        long product = left(i) * leftMultiplier + right(j) * rightMultiplier;
        int level = values[i][j];
        if (level > lowest) {
          least = Math.max(least, edges[level - lowest] - product);
        }
        if (level < highest) {
          most = Math.min(most, edges[level - lowest + 1] - 1 - product);
        }
        if (least > most) {
          return null;
        }
      }
    }
    return new Interval(least, most);
  }

  /** Least shifted value of each output, from the lowest on. */
  long[] edges(int shift, TieRule rule) {
    long[] edges = new long[highest - lowest + 1];
    Arrays.setAll(edges, k -> Ties.edge(lowest + k, shift, rule));
    return edges;
  }
}
