// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Counts the bits of a memory's words: equal fields are one, and constant bits none. */
final class ColumnCounter {
  private final Set<List<Long>> fields = new HashSet<>();
  private final Set<BitSet> distinct = new HashSet<>();
  private int bits;

  /** A field with one entry a word. */
  void add(int[] entries, int width) {
    add(Arrays.stream(entries).asLongStream().toArray(), width);
  }

  /** A field with one entry a word. */
  void add(long[] entries, int width) {
    boolean constant = Arrays.stream(entries).allMatch(e -> e == entries[0]);
    if (constant || !fields.add(Arrays.stream(entries).boxed().toList())) {
      return;
    }
    for (int place = 0; place < width; place++) {
      BitSet column = new BitSet();
      for (int word = 0; word < entries.length; word++) {
        column.set(word, (entries[word] >> place & 1) != (entries[0] >> place & 1));
      }
      // an inverted bit is the same table
      if (!column.isEmpty()) {
        bits++;
        distinct.add(column);
      }
    }
  }

  Columns columns() {
    return new Columns(bits, distinct.size());
  }
}
