// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.requantizer;

import dev.etch.hardware.arithmetic.Bits;
import dev.etch.hardware.memory.ConstantTable;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The memory of a {@link Table}. It is addressed by the index, if tables differ, and the raw bits
 * of the operand.
 */
final class TableConstants {
  private TableConstants() {}

  static List<ConstantTable> of(Table form, Accumulators accumulators, int resultBits) {
    List<List<Integer>> own = accumulators.each(form.tables());
    boolean shared = own.stream().distinct().count() == 1;
    int size = own.get(0).size();
    List<BigInteger> entries = new ArrayList<>();
    for (List<Integer> table : shared ? own.subList(0, 1) : own) {
      for (int raw = 0; raw < size; raw++) {
        entries.add(BigInteger.valueOf(table.get(Math.floorMod(raw - form.low(), size))));
      }
    }
    int indexBits = shared ? 0 : Bits.choosing(own.size());
    int words = 1 << (indexBits + Bits.choosing(size));
    entries.addAll(Collections.nCopies(words - entries.size(), BigInteger.ZERO));
    return List.of(ConstantTable.of("table", 2, entries, resultBits));
  }
}
