// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.hardware.memory.Memory;
import java.util.List;

/**
 * What Yosys' {@code memory_libmap} makes of a memory: memories of look-up tables, memory blocks,
 * or registers and logic, whichever has the lowest cost (Yosys 0.23, {@code
 * passes/memory/memory_libmap.cc} and the {@code brams.txt} of each family).
 *
 * @param tableWords words of the memories of look-up tables, the smallest first; none if empty
 * @param tableBits bits of a word of each
 * @param tables look-up tables that each takes
 * @param tableCost cost of each
 * @param blockBits capacity of a block with full words
 * @param blockWidth widest word of a block
 * @param parity whether a ninth bit comes with eight
 * @param blockCost cost of a block
 * @param romBitCost cost of a bit of a read-only memory made of logic
 * @param shiftRegisters whether a chain of registers without reset becomes a shift register
 */
record MemoryRules(
    List<Integer> tableWords,
    List<Integer> tableBits,
    int tables,
    double tableCost,
    int blockBits,
    int blockWidth,
    boolean parity,
    double blockCost,
    double romBitCost,
    boolean shiftRegisters) {
  /** RAM32M and RAM64M; RAMB18E1 (a RAMB36E1 counts as two); SRL16E. */
  static final MemoryRules XC7 =
      new MemoryRules(List.of(32, 64), List.of(6, 3), 4, 8, 16384, 32, true, 129, 1 / 64.0, true);

  /** TRELLIS_DPR16X4; DP16KD. */
  static final MemoryRules ECP5 =
      new MemoryRules(List.of(16), List.of(4), 4, 4, 16384, 32, true, 128, 1 / 16.0, false);

  /** Nothing of look-up tables; SB_RAM40_4K. */
  static final MemoryRules ICE40 =
      new MemoryRules(List.of(), List.of(), 0, 0, 4096, 16, false, 64, 1 / 16.0, false);

  /** DPR16X4; PDP16K. */
  static final MemoryRules NEXUS =
      new MemoryRules(List.of(16), List.of(4), 4, 4, 16384, 32, true, 128, 1 / 16.0, false);

  /** RAM16SDP4; SDPB. */
  static final MemoryRules GOWIN =
      new MemoryRules(List.of(16), List.of(4), 4, 4, 16384, 32, true, 128, 1 / 16.0, false);

  /** Cost of a bit of a memory made of registers. */
  private static final double REGISTER_COST = 1;

  /** What each multiplexer input between memories costs. */
  private static final double MULTIPLEXER_COST = 0.5;

  /** Bits up to which a memory is registers. */
  private static final int FEW_BITS = 4;

  /** A memory whose words are used in part costs at least this part. */
  private static final double LEAST_PART = 0.5;

  /** Whether small memories that are written are look-up tables, and not registers. */
  boolean hasTables() {
    return !tableWords.isEmpty();
  }

  /** A memory that is written, and read into a register. */
  Area synchronous(Fabric fabric, int words, int width) {
    double blocks = blocks(words, width);
    if (blocks * blockCost < tableCost(words, width)) {
      return new Area(0, 0, 0, blocks);
    }
    return asynchronous(fabric, words, width).plus(Area.flipFlops(width));
  }

  /** The same, but for blocks in place of registers: there the Verilog asks for them. */
  Area buffer(Fabric fabric, int words, int width) {
    return hasTables()
        ? synchronous(fabric, words, width)
        : new Area(0, 0, 0, blocks(words, width));
  }

  /** The registers behind the word of a memory that may be a block, see {@link Memory#isBlock}. */
  static Area outputRegister(int words, int width) {
    return Memory.isBlock(words, width) ? Area.flipFlops(width) : Area.NONE;
  }

  private double tableCost(int words, int width) {
    if (tableWords.isEmpty()) {
      return REGISTER_COST * words * width;
    }
    int kind = kind(words);
    double copies = Math.ceil(words / (double) tableWords.get(kind));
    double used = Math.max(LEAST_PART, width / (double) tableBits.get(kind));
    return copies * used * tableCost + MULTIPLEXER_COST * (copies - 1) * (width + 1);
  }

  private int kind(int words) {
    int kind = 0;
    while (kind + 1 < tableWords.size() && tableWords.get(kind) < words) {
      kind++;
    }
    return kind;
  }

  /**
   * A memory that is written, and read at an address that is a register. Without memories of
   * look-up tables Yosys reads blocks at the register's next value, and bypasses what is written.
   */
  Area asynchronous(Fabric fabric, int words, int width) {
    if (tableWords.isEmpty() && blocks(words, width) * blockCost < words * width) {
      int address = Fabric.bits(words);
      return new Area(width + address, 2.0 * width + address, 0, blocks(words, width));
    }
    if (!hasTables() || words * width <= FEW_BITS) {
      return registers(fabric, words, width);
    }
    int kind = kind(words);
    double copies = Math.ceil(words / (double) tableWords.get(kind));
    double side = Math.ceil(width / (double) tableBits.get(kind));
    double select = copies > 1 ? width * fabric.multiplexer((int) copies) + copies : 0;
    return Area.luts(side * copies * tables + select);
  }

  /** Registers and multiplexers; each word has an enable. */
  static Area registers(Fabric fabric, int words, int width) {
    double writes = words * fabric.condition(Fabric.bits(words) + 1.0);
    double reads = width * fabric.multiplexer(words);
    return new Area(writes + reads, (double) words * width, 0, 0);
  }

  /** See {@link #constant(Fabric, int, int, int, int)}; every bit of the address counts. */
  Area constant(Fabric fabric, int words, int width, int distinct) {
    return constant(fabric, words, width, distinct, words);
  }

  /**
   * A memory with constant contents, read into a register: blocks if they cost less than logic,
   * whose cost is rounded down.
   *
   * @param width bits of a word that are not constant: others are taken away
   * @param distinct bits of a word that neither are constant nor equal another: logic needs no more
   * @param different words, as far as bits of the address that nothing depends on are left out
   */
  Area constant(Fabric fabric, int words, int width, int distinct, int different) {
    Blocks blocks = cheapest(words, width);
    return blocks.cost() < Math.floor(words * (double) width * romBitCost)
        ? new Area(width * fabric.multiplexer(blocks.banks()), 0, 0, blocks.count())
        : new Area(distinct * fabric.table(different), distinct, 0, 0);
  }

  /**
   * Blocks of a memory.
   *
   * @param count of blocks
   * @param banks one above the other, of which one is chosen; parts of their words may share a
   *     block
   * @param cost to Yosys
   */
  private record Blocks(int count, int banks, double cost) {}

  /** Blocks with words as wide as costs least. */
  private Blocks cheapest(int words, int width) {
    Blocks best = null;
    for (int side = blockWidth; side >= 1; side /= 2) {
      int bits = parity && side >= 8 ? side + side / 8 : side;
      int banks = (words * side + blockBits - 1) / blockBits;
      int count = (banks * width + bits - 1) / bits;
      double cost = count * blockCost + MULTIPLEXER_COST * (banks - 1) * width;
      if (best == null || cost < best.cost()) {
        best = new Blocks(count, banks, cost);
      }
    }
    return best;
  }

  /** A chain of registers without a reset. */
  Area shiftRegister(double bits, int stages) {
    if (stages == 0) {
      return Area.NONE;
    }
    return shiftRegisters && stages >= 3 ? Area.luts(bits) : Area.flipFlops(bits * stages);
  }

  /** Blocks side by side and one above the other. */
  private double blocks(int words, int width) {
    double best = Double.MAX_VALUE;
    for (int side = blockWidth; side >= 1; side /= 2) {
      int bits = parity && side >= 8 ? side + side / 8 : side;
      double deep = blockBits / (double) side;
      best = Math.min(best, Math.ceil(width / (double) bits) * Math.ceil(words / deep));
    }
    return best;
  }
}
