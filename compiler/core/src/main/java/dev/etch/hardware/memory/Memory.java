// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.memory;

import java.util.Map;

/**
 * A memory of a module.
 *
 * @param name in the Verilog
 * @param words how many
 * @param widths bits of a word, by what they are for
 * @param loaded whether the host writes it
 */
public record Memory(String name, int words, Map<MemoryUse, Integer> widths, boolean loaded) {
  public Memory {
    widths = Map.copyOf(widths);
  }

  /**
   * Bits from which on a memory may become a block of a device's own: the least that any family's
   * synthesis puts there. The clock-to-output time of a block is most of a cycle.
   */
  private static final long BLOCK_BITS = 2048;

  /**
   * Whether a memory may be a block, so that its word goes into registers in a cycle of its own.
   * What is smaller is look-up tables, with a register behind them.
   */
  public static boolean isBlock(int words, int width) {
    return (long) words * width >= BLOCK_BITS;
  }

  /** What names of memories that are not written by their own module end in. */
  public static String suffix(boolean loaded) {
    return loaded ? "_ram" : "_rom";
  }

  /** A memory for one thing. */
  public static Memory of(String name, int words, int width, MemoryUse use) {
    return new Memory(name, words, Map.of(use, width), false);
  }

  /** The same with so many times the words. */
  public Memory times(int count) {
    return new Memory(name, count * words, widths, loaded);
  }

  /** Whether its words are coded. */
  public boolean isCoded() {
    return widths.containsKey(MemoryUse.CODED);
  }

  /** Bits of a word. */
  public int width() {
    return widths.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** All bits. */
  public long bits() {
    return (long) words * width();
  }
}
