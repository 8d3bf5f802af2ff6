// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.area.AdderTreeArea.Row;
import dev.etch.hardware.arithmetic.SignedDigits;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * A product with a constant, as {@code ShiftAdd} and {@code DigitRows} in the Verilog make it.
 *
 * @param rows to be added
 * @param area of what makes them
 */
record ProductRows(List<Row> rows, Area area) {
  /** A product with the multiplier of each output. */
  static ProductRows of(Fabric fabric, OutputConstants multipliers, int operandBits) {
    return multipliers.areEqual()
        ? of(multipliers.least(), operandBits)
        : ofDigits(fabric, multipliers, operandBits);
  }

  /** A row for each canonical signed digit; only the inverted ones take tables. */
  static ProductRows of(long multiplier, int operandBits) {
    List<SignedDigits.Digit> digits = SignedDigits.canonical(BigInteger.valueOf(multiplier));
    long negative = digits.stream().filter(SignedDigits.Digit::negative).count();
    return new ProductRows(
        digits.stream().map(digit -> new Row(operandBits + digit.place(), digit.place())).toList(),
        Area.luts(negative * operandBits / 2.0));
  }

  /** A product with multipliers of so many radix-4 digits that stand in a memory. */
  static ProductRows ofLoaded(Fabric fabric, int digits, int operandBits) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < digits; i++) {
      rows.add(new Row(operandBits + 1 + 2 * i, 2 * i));
    }
    return new ProductRows(rows, Area.luts(digits * fabric.digitRow(operandBits + 1)));
  }

  /** A row for each radix-4 digit of the multiplier with most of them. */
  private static ProductRows ofDigits(Fabric fabric, OutputConstants multipliers, int operandBits) {
    List<BigInteger> values = multipliers.values().stream().map(BigInteger::valueOf).toList();
    int count = SignedDigits.radix4Count(values);
    List<List<Integer>> all = values.stream().map(v -> SignedDigits.radix4(v, count)).toList();
    List<Row> rows = new ArrayList<>();
    ColumnCounter codes = new ColumnCounter();
    for (int i = 0; i < count; i++) {
      int place = i;
      rows.add(new Row(operandBits + 1 + 2 * i, 2 * i));
      codes.add(
          all.stream().mapToInt(digits -> SignedDigits.code(digits.get(place))).toArray(),
          SignedDigits.CODE_BITS);
    }
    Area selection = Area.luts(count * fabric.digitRow(operandBits + 1));
    return new ProductRows(rows, multipliers.memory(fabric, codes.columns()).plus(selection));
  }
}
