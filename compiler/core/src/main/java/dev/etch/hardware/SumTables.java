// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import dev.etch.hardware.arithmetic.Bits;
import dev.etch.hardware.memory.ConstantTable;
import dev.etch.hardware.memory.Memory;
import dev.etch.hardware.memory.MemoryUse;
import dev.etch.tensor.IntegerType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The memories of one element of an {@link AddUnit} that looks its operands up. They are addressed
 * by the raw bits of the operand, so that no subtraction is in the way.
 *
 * @param left table of the first operand
 * @param right table of the second operand
 */
public record SumTables(ConstantTable left, ConstantTable right) {
  /** The tables of a sum. */
  public static SumTables of(AddUnit unit, Sum.Tables sum) {
    return new SumTables(
        table("left", unit.left().type().element(), sum.leftTable(), sum.leftLow()),
        table("right", unit.right().type().element(), sum.rightTable(), sum.rightLow()));
  }

  private static ConstantTable table(String name, IntegerType type, List<Long> table, int low) {
    List<BigInteger> entries = new ArrayList<>();
    for (int raw = 0; raw < 1 << type.bits(); raw++) {
      int value = type.signed() && raw > type.maximum() ? raw - (1 << type.bits()) : raw;
      int place = Math.min(table.size() - 1, Math.max(0, value - low));
      entries.add(BigInteger.valueOf(table.get(place)));
    }
    List<BigInteger> values = table.stream().map(BigInteger::valueOf).toList();
    return ConstantTable.of(name, 0, entries, Bits.signed(values));
  }

  List<Memory> memories(String prefix) {
    return Stream.of(left, right)
        .filter(table -> !table.isConstant())
        .map(table -> table.memory(prefix, MemoryUse.TABLES))
        .toList();
  }
}
