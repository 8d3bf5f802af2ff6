// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.requantizer;

import dev.etch.hardware.arithmetic.Bits;
import dev.etch.hardware.memory.ConstantTable;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The constants of a {@link Scale}: digits of the multipliers, if they differ, and the offset,
 * which carries what is missing to rows that are inverted only, unless it is 0.
 */
final class ScaleConstants {
  private ScaleConstants() {}

  static List<ConstantTable> of(Scale form, Accumulators accumulators) {
    return of(form, accumulators, BigInteger.ZERO, BigInteger.ZERO);
  }

  /**
   * The same where something is added to the sum before it is shifted.
   *
   * @param down the smallest number that is added, at most 0
   * @param up the largest, at least 0
   */
  static List<ConstantTable> of(
      Scale form, Accumulators accumulators, BigInteger down, BigInteger up) {
    List<BigInteger> multipliers = accumulators.integers(form.multipliers());
    List<BigInteger> offsets = accumulators.integers(form.offsets());
    List<BigInteger> ends = new ArrayList<>();
    for (BigInteger multiplier : multipliers) {
      ends.add(multiplier.multiply(accumulators.low()));
      ends.add(multiplier.multiply(accumulators.high()));
    }
    BigInteger low = Collections.min(ends).add(Collections.min(offsets)).add(down);
    BigInteger high = Collections.max(ends).add(Collections.max(offsets)).add(up);
    MultiplierDigits digits = MultiplierDigits.of(multipliers, 0);
    List<ConstantTable> tables = new ArrayList<>();
    digits.table().ifPresent(tables::add);
    List<BigInteger> completed = sums(offsets, digits.rests());
    if (completed.stream().anyMatch(value -> value.signum() != 0)) {
      int width = Math.max(Bits.signed(low, high), form.shift() + 1);
      tables.add(ConstantTable.of("offset", 0, completed, Math.min(width, Bits.signed(completed))));
    }
    return tables;
  }

  private static List<BigInteger> sums(List<BigInteger> left, List<BigInteger> right) {
    return IntStream.range(0, left.size()).mapToObj(i -> left.get(i).add(right.get(i))).toList();
  }
}
