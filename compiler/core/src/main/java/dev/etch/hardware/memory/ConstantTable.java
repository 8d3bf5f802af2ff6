// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.memory;

import java.math.BigInteger;
import java.util.List;

/**
 * A read-only memory of an arithmetic pipeline. If all entries are equal it is a constant, and no
 * memory.
 *
 * @param name within the pipeline
 * @param stage in which it is read
 * @param entries one a word
 * @param width bits of a word
 */
public record ConstantTable(String name, int stage, List<BigInteger> entries, int width) {
  public ConstantTable {
    entries = List.copyOf(entries);
  }

  /** Whether all entries are equal. */
  public boolean isConstant() {
    BigInteger first = entries.get(0);
    return entries.stream().allMatch(first::equals);
  }

  /** The memory of a pipeline whose names begin with {@code prefix}. */
  public Memory memory(String prefix, MemoryUse use) {
    return Memory.of(prefix + "_" + name + "_rom", entries.size(), width, use);
  }
}
