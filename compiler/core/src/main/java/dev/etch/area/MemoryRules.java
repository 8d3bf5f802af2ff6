// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

/**
 * What Yosys makes of a memory: look-up tables as memory, memory blocks, or registers.
 *
 * @param lutWords words of the smallest memory made of look-up tables, 0 if there are none
 * @param lutMemoryBits bits that one look-up table adds to a memory with two ports
 * @param blockWords words of a block that is one bit wide
 * @param blockWidth widest word of a block
 * @param blockBits capacity of a block with full words
 * @param blockFrom bits from which a memory that is read into a register becomes blocks
 * @param romFrom the same of a read-only memory
 * @param shiftRegisters whether a chain of registers without reset becomes a shift register
 */
record MemoryRules(
    int lutWords,
    double lutMemoryBits,
    int blockWords,
    int blockWidth,
    int blockBits,
    int blockFrom,
    int romFrom,
    boolean shiftRegisters) {
  /** RAM32M and RAM64M, four tables each; RAMB18E1; SRL16E. */
  static final MemoryRules XC7 = new MemoryRules(32, 48, 16384, 36, 18432, 3072, 8256, true);

  /** TRELLIS_DPR16X4, four tables with their write logic; DP16KD. */
  static final MemoryRules ECP5 = new MemoryRules(16, 16, 16384, 36, 18432, 2048, 2048, false);

  /** No memories of look-up tables; SB_RAM40_4K. */
  static final MemoryRules ICE40 = new MemoryRules(0, 0, 2048, 16, 4096, 256, 1024, false);

  /** RAM16SDP4; SDPB. */
  static final MemoryRules GOWIN = new MemoryRules(16, 16, 16384, 36, 18432, 2048, 2048, false);

  /** A memory that is written, and read into a register. */
  Area synchronous(Fabric fabric, int words, int width) {
    if ((double) words * width >= blockFrom) {
      return new Area(0, 0, 0, blocks(words, width));
    }
    return asynchronous(fabric, words, width).plus(Area.flipFlops(width));
  }

  /** A memory that is written, and read without a register. */
  Area asynchronous(Fabric fabric, int words, int width) {
    if (lutWords == 0 || words * width <= 4) {
      double luts =
          (double) width * fabric.multiplexer(words) + fabric.condition(Fabric.bits(words)) * words;
      return new Area(luts, (double) words * width, 0, 0);
    }
    int least = Math.max(lutWords, words);
    int deep = least <= 32 ? lutWords : 64;
    double copies = Math.ceil(least / (double) deep);
    double tables = Math.ceil(width * (double) deep / (4 * lutMemoryBits)) * 4 * copies;
    double select = copies > 1 ? width * fabric.multiplexer((int) copies) + copies : 0;
    return Area.luts(tables + select);
  }

  /** A memory with constant contents, read into a register. */
  Area constant(Fabric fabric, int words, double width) {
    if (words * width >= romFrom) {
      return new Area(0, 0, 0, blocks(words, (int) Math.ceil(width)));
    }
    return new Area(width * fabric.table(words), width, 0, 0);
  }

  /** A chain of registers without a reset. */
  Area shiftRegister(double bits, int stages) {
    return shiftRegisters && stages >= 3
        ? new Area(bits, bits, 0, 0)
        : Area.flipFlops(bits * stages);
  }

  /** Blocks side by side and one above the other. */
  private double blocks(int words, int width) {
    double best = Double.MAX_VALUE;
    for (int side = blockWidth; side >= 1; side = side == 9 ? 4 : side / 2) {
      int deep = Math.min(blockWords, blockBits / side);
      deep = Integer.highestOneBit(deep);
      best = Math.min(best, Math.ceil(width / (double) side) * Math.ceil(words / (double) deep));
    }
    return best;
  }
}
