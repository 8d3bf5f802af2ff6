// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.area.AdderTreeArea.Row;
import dev.etch.hardware.Sum;
import dev.etch.hardware.arithmetic.TieRule;
import dev.etch.tensor.IntegerType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** One element of {@code AddHardware} in the Verilog. */
final class SumArea {
  private final Fabric fabric;
  private final IntegerType left;
  private final IntegerType right;
  private final int resultBits;

  SumArea(Fabric fabric, IntegerType left, IntegerType right, int resultBits) {
    this.fabric = fabric;
    this.left = left;
    this.right = right;
    this.resultBits = resultBits;
  }

  Area of(Sum sum) {
    if (sum instanceof Sum.Linear linear) {
      return linear(linear);
    }
    return tables((Sum.Tables) sum);
  }

  private Area linear(Sum.Linear sum) {
    ProductRows leftProduct = ProductRows.of(sum.leftMultiplier(), operandBits(left));
    ProductRows rightProduct = ProductRows.of(sum.rightMultiplier(), operandBits(right));
    List<Row> rows = new ArrayList<>(leftProduct.rows());
    rows.addAll(rightProduct.rows());
    BigInteger[] l = ends(left, sum.leftMultiplier());
    BigInteger[] r = ends(right, sum.rightMultiplier());
    BigInteger offset = BigInteger.valueOf(sum.offset());
    BigInteger least = l[0].add(r[0]).add(offset);
    BigInteger most = l[1].add(r[1]).add(offset);
    rows.add(new Row(offset.bitLength() + 1, 0));
    return Area.flipFlops(operandBits(left) + operandBits(right))
        .plus(leftProduct.area())
        .plus(rightProduct.area())
        .plus(finish(sum.shift(), sum.tieRule(), sum.low(), sum.high()).of(rows, least, most));
  }

  private Area tables(Sum.Tables sum) {
    List<Row> rows = new ArrayList<>();
    Area area = table(sum.leftTable(), left, rows).plus(table(sum.rightTable(), right, rows));
    BigInteger least = least(sum.leftTable()).add(least(sum.rightTable()));
    BigInteger most = most(sum.leftTable()).add(most(sum.rightTable()));
    return area.plus(
        finish(sum.shift(), sum.tieRule(), sum.low(), sum.high()).of(rows, least, most));
  }

  private Area table(List<Long> table, IntegerType operand, List<Row> rows) {
    int bits = Math.max(least(table).bitLength(), most(table).bitLength()) + 1;
    rows.add(new Row(bits, 0));
    return fabric.memories().constant(fabric, 1 << operand.bits(), bits, bits);
  }

  private FinishArea finish(int shift, TieRule tieRule, int low, int high) {
    return new FinishArea(fabric, shift, tieRule, low, high, resultBits);
  }

  private static int operandBits(IntegerType type) {
    return type.bits() + (type.signed() ? 0 : 1);
  }

  private static BigInteger[] ends(IntegerType type, long factor) {
    BigInteger a = BigInteger.valueOf(type.minimum()).multiply(BigInteger.valueOf(factor));
    BigInteger b = BigInteger.valueOf(type.maximum()).multiply(BigInteger.valueOf(factor));
    return new BigInteger[] {a.min(b), a.max(b)};
  }

  private static BigInteger least(List<Long> table) {
    return BigInteger.valueOf(table.stream().mapToLong(Long::longValue).min().orElseThrow());
  }

  private static BigInteger most(List<Long> table) {
    return BigInteger.valueOf(table.stream().mapToLong(Long::longValue).max().orElseThrow());
  }
}
