// SPDX-License-Identifier: Apache-2.0
package dev.etch.exact;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.hardware.Sum;
import dev.etch.hardware.arithmetic.TieRule;
import dev.etch.op.requantization.ExactSum;
import dev.etch.op.requantization.SumRequantization;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Finds an exact hardware form of a requantized sum and proves it on every pair of operands: first
 * two multipliers, an offset and a shift, then two tables whose entries are free.
 */
public final class SumFitter {
  /** More pairs than this are not enumerated: two operands of 12 bits. */
  private static final long MOST_PAIRS = 1L << 24;

  private static final int LARGEST_SHIFT = 28;
  private static final int[] TABLE_SHIFTS = {12, 16, 20};

  private SumFitter() {}

  /**
   * Steps for a sum that {@link #fit} has no form of.
   *
   * @param location of the node, for the diagnostic
   * @throws DiagnosticException if there are no such steps
   */
  public static StagedSum fitStages(
      SumRequantization definition, Interval left, Interval right, Location location) {
    if (pairs(left, right) <= MOST_PAIRS) {
      return StagedSum.ofPairs(definition, left, right)
          .orElseThrow(
              () ->
                  new DiagnosticException(
                      location,
                      "no hardware form of this quantized addition is exact for every pair",
                      "change the scale of the result slightly, or quantize both operands alike"));
    }
    return StagedSum.of(definition, left, right)
        .orElseThrow(
            () ->
                new DiagnosticException(
                    location,
                    "the operands of this addition have too many values to prove it: %s, %s"
                        .formatted(left, right),
                    "quantize both operands to at most 12 bits"));
  }

  private static long pairs(Interval left, Interval right) {
    return (left.high() - left.low() + 1) * (right.high() - right.low() + 1);
  }

  /**
   * An exact form for all operands in the two intervals; empty if none is exact, or if the operands
   * have too many values to prove one.
   */
  public static Optional<Sum> fit(SumRequantization definition, Interval left, Interval right) {
    if (definition instanceof ExactSum exact) {
      return Optional.of(exact(exact));
    }
    if (pairs(left, right) > MOST_PAIRS) {
      return Optional.empty();
    }
    SumTable table = SumTable.of(definition, left, right);
    Optional<Sum> sum = linear(table).or(() -> tables(table));
    sum.ifPresent(form -> verify(table, form));
    return table.isMirrored() ? sum.map(SumFitter::mirrored) : sum;
  }

  /** The definition as it is: half a step, and a tie rule, round to nearest and even. */
  private static Sum exact(ExactSum sum) {
    int spare =
        Math.min(
            sum.shift() - 1,
            Long.numberOfTrailingZeros(sum.leftMultiplier() | sum.rightMultiplier()));
    int shift = sum.shift() - spare;
    long left = sum.leftMultiplier() >> spare;
    long right = sum.rightMultiplier() >> spare;
    long offset =
        (1L << (shift - 1))
            + ((long) sum.zeroPoint() << shift)
            - sum.leftZeroPoint() * left
            - sum.rightZeroPoint() * right;
    TieRule rule = (sum.zeroPoint() & 1) == 1 ? TieRule.TO_ODD : TieRule.TO_EVEN;
    return new Sum.Linear(left, right, offset, shift, rule, sum.low(), sum.high());
  }

  /** The same form of the right operand itself, where it was found for the negative of it. */
  private static Sum mirrored(Sum sum) {
    if (sum instanceof Sum.Linear linear) {
      return new Sum.Linear(
          linear.leftMultiplier(),
          -linear.rightMultiplier(),
          linear.offset(),
          linear.shift(),
          linear.tieRule(),
          linear.low(),
          linear.high());
    }
    Sum.Tables tables = (Sum.Tables) sum;
    List<Long> right = new ArrayList<>(tables.rightTable());
    Collections.reverse(right);
    return new Sum.Tables(
        tables.leftTable(),
        tables.leftLow(),
        right,
        -(tables.rightLow() + right.size() - 1),
        tables.shift(),
        tables.tieRule(),
        tables.low(),
        tables.high());
  }

  /** Tries shifts from small to large; around each, the multipliers next to the exact ratios. */
  private static Optional<Sum> linear(SumTable table) {
    for (int shift = 0; shift <= LARGEST_SHIFT; shift++) {
      for (TieRule rule : TieRule.values()) {
        Optional<Sum> found = linear(table, shift, rule);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Sum> linear(SumTable table, int shift, TieRule rule) {
    long leftGuess = Math.round(table.leftSlope() * (1L << shift));
    long rightGuess = Math.round(table.rightSlope() * (1L << shift));
    for (long a = Math.max(0, leftGuess - 1); a <= leftGuess + 1; a++) {
      for (long b = Math.max(0, rightGuess - 1); b <= rightGuess + 1; b++) {
        Interval offsets = table.offsets(a, b, shift, rule);
        if (offsets != null) {
          long offset = Math.max(offsets.low(), Math.min(offsets.high(), 0));
          return Optional.of(
              new Sum.Linear(a, b, offset, shift, rule, table.lowest(), table.highest()));
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Sum> tables(SumTable table) {
    for (int shift : TABLE_SHIFTS) {
      for (TieRule rule : TieRule.values()) {
        Optional<Sum> found = new TableSolver(table, shift, rule).solve();
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private static void verify(SumTable table, Sum sum) {
    for (int i = 0; i < table.rows(); i++) {
      for (int j = 0; j < table.columns(); j++) {
        if (sum.apply(table.left(i), table.right(j)) != table.at(i, j)) {
          throw new CompilerBug("sum differs from its definition at " + Arrays.asList(i, j));
        }
      }
    }
  }
}
