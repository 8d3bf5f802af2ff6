// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.hardware.arithmetic.Bits;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Constants of a requantizer, from a read-only memory unless they are all equal.
 *
 * @param values one an output
 */
record OutputConstants(List<Long> values) {
  /** Whether they are all equal, so that there is no memory. */
  boolean areEqual() {
    return values.stream().distinct().count() == 1;
  }

  /** Whether they are all zero. */
  boolean areZero() {
    return values.stream().allMatch(value -> value == 0);
  }

  long least() {
    return Collections.min(values);
  }

  long most() {
    return Collections.max(values);
  }

  int signedBits() {
    return Bits.signed(values.stream().mapToLong(Long::longValue).toArray());
  }

  /** How many low bits are zero in all, at most {@code most}. */
  int zeros(int most) {
    return values.stream().mapToInt(Long::numberOfTrailingZeros).reduce(most, Math::min);
  }

  /** Without so many low bits. */
  OutputConstants shiftedRight(int places) {
    return new OutputConstants(values.stream().map(value -> value >> places).toList());
  }

  /** Registers that a word is in: what is equal has none. */
  int registers() {
    return areEqual() ? 0 : 1;
  }

  /** The memory, without the register that it is read into. */
  Area memory(Fabric fabric, int bits) {
    ColumnCounter columns = new ColumnCounter();
    columns.add(values.stream().mapToLong(Long::longValue).toArray(), bits);
    Area memory = memory(fabric, columns.columns());
    return memory.plus(Area.flipFlops(-memory.flipFlops()));
  }

  /** A memory of words that depend on the values, with the register that it is read into. */
  Area memory(Fabric fabric, Columns columns) {
    return columns.bits() == 0
        ? Area.NONE
        : fabric
            .memories()
            .constant(fabric, values.size(), columns.bits(), columns.distinct(), different());
  }

  /** Words without the bits of the address that nothing depends on: pixels of a block repeat. */
  private int different() {
    int different = values.size();
    for (int place = 1; place < values.size(); place *= 2) {
      if (repeats(place)) {
        different = (different + 1) / 2;
      }
    }
    return different;
  }

  private boolean repeats(int place) {
    return IntStream.range(0, values.size())
        .filter(i -> (i & place) != 0)
        .allMatch(i -> values.get(i).equals(values.get(i - place)));
  }
}
