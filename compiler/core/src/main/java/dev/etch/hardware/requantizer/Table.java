// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.requantizer;

import java.util.List;

/**
 * {@code table[operand - low]}: any function of an operand with few values, from a memory.
 *
 * @param tables an entry for every value of the operand's type, the smallest first; their number is
 *     a power of two; one list a channel, or one for all
 * @param low smallest value of the operand's type
 */
public record Table(List<List<Integer>> tables, int low) implements Requantizer {
  public Table {
    tables = tables.stream().map(List::copyOf).toList();
    int entries = tables.get(0).size();
    if (Integer.bitCount(entries) != 1 || tables.stream().anyMatch(t -> t.size() != entries)) {
      throw new IllegalArgumentException("one entry for each value of the operand's type");
    }
  }

  @Override
  public long apply(int channel, long operand) {
    return PerChannel.of(tables, channel).get(Math.toIntExact(operand - low));
  }

  @Override
  public Requantizer repeated(int times) {
    return new Table(PerChannel.repeat(tables, times), low);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.table(this);
  }
}
