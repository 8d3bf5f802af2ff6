// SPDX-License-Identifier: Apache-2.0
package dev.etch.exact;

import dev.etch.hardware.Sum;
import dev.etch.hardware.arithmetic.TieRule;
import dev.etch.hardware.requantizer.Requantizer;
import dev.etch.hardware.requantizer.Table;
import dev.etch.op.requantization.Lines;
import dev.etch.op.requantization.SumRequantization;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A requantized sum step by step. For operands with too many pairs of values to look at each, the
 * steps are those of the definition: a product of each operand, the sum of both, the requantization
 * of that. For a sum whose float32 roundings decide ties of single pairs, which no sum of two
 * numbers follows, the first step puts both operands side by side, and a table has each pair's
 * result.
 *
 * @param left makes the left product; empty if the sum multiplies the operand itself
 * @param right makes the right product; likewise
 * @param sum of both
 * @param sumRange what comes out of it
 * @param output of the sum
 */
public record StagedSum(
    Optional<Product> left,
    Optional<Product> right,
    Sum sum,
    Interval sumRange,
    Requantizer output) {

  /**
   * A rounded product of an operand.
   *
   * @param requantizer makes it
   * @param range what comes out
   */
  public record Product(Requantizer requantizer, Interval range) {}

  /** Bits of two operands side by side: with 8 bits each the table has 65,536 entries. */
  private static final int MOST_PAIR_BITS = 16;

  /** A table of all pairs; empty if the operands have too many bits together. */
  static Optional<StagedSum> ofPairs(SumRequantization definition, Interval left, Interval right) {
    int leftBits = bits(left);
    int rightBits = bits(right);
    return leftBits + rightBits > MOST_PAIR_BITS
        ? Optional.empty()
        : Optional.of(ofPairs(definition, left, right, leftBits, rightBits));
  }

  /** Bits that number all values of an interval. */
  private static int bits(Interval interval) {
    return Long.SIZE - Long.numberOfLeadingZeros(interval.high() - interval.low());
  }

  private static StagedSum ofPairs(
      SumRequantization definition, Interval left, Interval right, int leftBits, int rightBits) {
    int rows = 1 << leftBits;
    int columns = 1 << rightBits;
    List<Integer> results = new ArrayList<>(Collections.nCopies(rows * columns, definition.low()));
    for (long l = left.low(); l <= left.high(); l++) {
      for (long r = right.low(); r <= right.high(); r++) {
        int place = Math.toIntExact((l - left.low()) * columns + r - right.low());
        results.set(place, definition.apply((int) l, (int) r));
      }
    }
    Sum pair =
        new Sum.Linear(
            columns,
            1,
            -left.low() * columns - right.low(),
            0,
            TieRule.NONE,
            0,
            rows * columns - 1);
    return new StagedSum(
        Optional.empty(),
        Optional.empty(),
        pair,
        new Interval(0, rows * columns - 1),
        new Table(List.of(results), 0));
  }

  /** For all operands in the two intervals; empty if the definition has no such steps. */
  static Optional<StagedSum> of(SumRequantization definition, Interval left, Interval right) {
    return definition
        .parts()
        .flatMap(
            parts -> {
              Optional<Operand> ofLeft = Operand.of(parts.left(), left);
              Optional<Operand> ofRight = Operand.of(parts.right(), right);
              return ofLeft.isEmpty() || ofRight.isEmpty()
                  ? Optional.empty()
                  : Optional.of(of(parts, ofLeft.get(), ofRight.get()));
            });
  }

  private static StagedSum of(SumRequantization.Parts parts, Operand left, Operand right) {
    Interval subtrahend = new Interval(-right.range.high(), -right.range.low());
    Interval added = parts.subtracts() ? subtrahend : right.range;
    Interval range = new Interval(left.range.low() + added.low(), left.range.high() + added.high());
    Sum sum =
        new Sum.Linear(
            left.factor(),
            parts.subtracts() ? -right.factor() : right.factor(),
            left.addend() + (parts.subtracts() ? -right.addend() : right.addend()),
            0,
            TieRule.NONE,
            Math.toIntExact(range.low()),
            Math.toIntExact(range.high()));
    Requantizer output =
        RequantizerFitter.fit(List.of(new ChannelProblem(parts.output(), 0, range)));
    return new StagedSum(left.product(), right.product(), sum, range, output);
  }

  /** An operand's product; where it is not rounded the sum makes it. */
  private record Operand(Lines lines, Interval range) {
    static Optional<Operand> of(SumRequantization.Product product, Interval operand) {
      return product
          .lines(operand.low(), operand.high())
          .map(lines -> lines.shiftedBy(-lines.spareBits()))
          .map(
              lines ->
                  new Operand(
                      lines,
                      new Interval(lines.apply(operand.low()), lines.apply(operand.high()))));
    }

    private boolean isExact() {
      return lines.shift() == 0;
    }

    Optional<Product> product() {
      return isExact()
          ? Optional.empty()
          : Optional.of(new Product(LineForm.unclamped(lines, range), range));
    }

    long factor() {
      return isExact() ? lines.multiplier() : 1;
    }

    long addend() {
      return isExact() ? lines.offset() : 0;
    }
  }
}
