// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Comparisons of a number with all thresholds at once. Thresholds of a staircase differ by nearly
 * the same step, so many bits of their memory are equal; Yosys makes them, and the parts of the
 * comparisons that look at them, only once.
 */
final class ComparatorArea {
  private final Fabric fabric;
  private final int bits;
  private final List<List<Long>> lists;
  private final int most;
  private final Set<BitSet> tables = new HashSet<>();
  private final Set<List<Object>> parts = new HashSet<>();

  /**
   * Comparators.
   *
   * @param bits of the number, signed
   * @param lists thresholds of each channel
   * @param low smallest number
   * @param high largest number
   */
  ComparatorArea(Fabric fabric, int bits, List<List<Long>> lists, long low, long high) {
    this.fabric = fabric;
    this.bits = bits;
    this.lists = lists;
    this.most = lists.stream().mapToInt(List::size).max().orElse(0);
    for (int i = 0; i < most; i++) {
      List<Long> words = new ArrayList<>();
      for (List<Long> list : lists) {
        long value = i < list.size() ? list.get(i) : high + 1;
        words.add(Math.max(low, Math.min(high + 1, value)));
      }
      columns(words);
    }
  }

  private void columns(List<Long> words) {
    for (int place = 0; place < bits; place++) {
      BitSet column = new BitSet();
      for (int word = 0; word < words.size(); word++) {
        column.set(word, (words.get(word) >> place & 1) != 0);
      }
      parts.add(List.of(place, column));
      if (column.get(0)) {
        column = (BitSet) column.clone();
        column.flip(0, words.size());
      }
      if (!column.isEmpty()) {
        tables.add(column);
      }
    }
  }

  /** Memory, comparators and a register behind each. */
  Area of() {
    if (tables.isEmpty()) {
      // constants: each comparison is a condition
      return new Area(most * fabric.condition(bits), most, 0, 0);
    }
    double words = lists.size() == 2 ? 0.5 : fabric.table(lists.size());
    return new Area(
        tables.size() * words + parts.size() + most, tables.size() + (double) most, 0, 0);
  }
}
