// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.memory;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/**
 * A memory of an arithmetic pipeline that the pipeline only reads. If all entries are equal it is a
 * constant, and no memory, unless the host loads it.
 *
 * @param name within the pipeline
 * @param stage in which it is read
 * @param entries one a word
 * @param width bits of a word
 * @param loaded whether the host loads the entries
 */
public record ConstantTable(
    String name, int stage, List<BigInteger> entries, int width, boolean loaded) {
  public ConstantTable {
    entries = List.copyOf(entries);
  }

  /** A table of constants. */
  public static ConstantTable of(String name, int stage, List<BigInteger> entries, int width) {
    return new ConstantTable(name, stage, entries, width, false);
  }

  /** Whether all entries are equal, and stay so. */
  public boolean isConstant() {
    if (loaded) {
      return false;
    }
    BigInteger first = entries.get(0);
    return entries.stream().allMatch(first::equals);
  }

  /** The memory of a pipeline whose names begin with {@code prefix}. */
  public Memory memory(String prefix, MemoryUse use) {
    return new Memory(
        prefix + "_" + name + Memory.suffix(loaded), entries.size(), Map.of(use, width), loaded);
  }
}
