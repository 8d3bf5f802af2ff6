// SPDX-License-Identifier: Apache-2.0
package dev.etch.exact;

import dev.etch.hardware.Requantizer;
import dev.etch.hardware.Sum;
import dev.etch.hardware.TieRule;
import dev.etch.op.Lines;
import dev.etch.op.SumRequantization;
import java.util.List;
import java.util.Optional;

/**
 * A requantized sum step by step as its definition has it: a product of each operand, the sum of
 * both, the requantization of that. For operands with too many pairs of values to look at each.
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
