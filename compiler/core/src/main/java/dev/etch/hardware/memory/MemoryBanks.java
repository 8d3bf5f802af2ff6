// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.memory;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Banks of a read-only memory that is deeper than a memory block. Synthesizers put a multiplexer
 * between the blocks and the register behind them, and a block's clock-to-output time leaves no
 * room for it; so each bank has a register of its own, and the choice among them is a cycle of its
 * own.
 *
 * <p>A bank is as deep as the blocks of 16 Kibit (18 with parity) that most families have, with
 * words of 1, 2, 4 or 9 bits: those that take the fewest blocks, and the deepest of them.
 *
 * @param words of the memory
 * @param depth words of each bank but the last
 */
public record MemoryBanks(int words, int depth) {
  private static final List<Integer> BLOCK_WIDTHS = List.of(1, 2, 4, 9);
  private static final int BLOCK_BITS = 1 << 14;

  /**
   * The banks of a memory of at least one word; only what {@linkplain Memory#isBlock may be a
   * block} has more than one.
   */
  public static MemoryBanks of(int words, int width) {
    if (!Memory.isBlock(words, width)) {
      return new MemoryBanks(words, words);
    }
    MemoryBanks best = null;
    long fewest = Long.MAX_VALUE;
    for (int blockWidth : BLOCK_WIDTHS) {
      MemoryBanks banks = new MemoryBanks(words, BLOCK_BITS / Integer.highestOneBit(blockWidth));
      long blocks = (long) banks.count() * ((width + blockWidth - 1) / blockWidth);
      if (blocks < fewest) {
        fewest = blocks;
        best = banks;
      }
    }
    return best.count() == 1 ? new MemoryBanks(words, words) : best;
  }

  /** How many there are. */
  public int count() {
    return (words + depth - 1) / depth;
  }

  /** Whether there is a choice among several. */
  public boolean isChoice() {
    return count() > 1;
  }

  /** Words of a bank. */
  public int words(int bank) {
    return Math.min(depth, words - bank * depth);
  }

  /** Words of each, in the order of addresses. */
  public List<Integer> sizes() {
    return IntStream.range(0, count()).mapToObj(this::words).toList();
  }
}
