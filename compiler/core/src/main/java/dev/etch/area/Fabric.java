// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.hardware.Target;

/**
 * What the basic circuits cost on a device family, as Yosys maps them.
 *
 * @param lutInputs inputs of a look-up table
 * @param memories which memories become what
 * @param wideFactor bits of a DSP block's wider factor, 0 if Yosys uses no DSP block
 * @param narrowFactor bits of the other factor
 * @param leastProduct bits below which a product is made of logic
 * @param packsRegisters whether Yosys moves registers around a product into its DSP block
 * @param windowControl tables of a window's sequencer, writer and serializer, besides their
 *     counters
 * @param bankChoice tables a bit of each choice between two banks of a deep memory, where it is not
 *     that of a multiplexer; 0 if it is
 * @param busControl tables of the bus registers, and of the top module's counters but those of
 *     beats
 * @param emptyMemories see {@link Target#hasEmptyMemories}
 * @param wideMultiplexers see {@link Target#hasWideMultiplexers}
 */
record Fabric(
    int lutInputs,
    MemoryRules memories,
    int wideFactor,
    int narrowFactor,
    int leastProduct,
    boolean packsRegisters,
    double windowControl,
    double bankChoice,
    double busControl,
    boolean emptyMemories,
    boolean wideMultiplexers) {
  /** Tables a bit of a digit's row on top of those of the adder behind it, with six inputs. */
  private static final double DIGIT_ROW = 0.65;

  /** Tables of a read-only memory of more than 256 words, for each that its bits fill. */
  private static final double DEEP_TABLE = 1.3;

  /** The fabric of a target. A generic target is counted like xc7, with DSP blocks of any width. */
  static Fabric of(Target target) {
    boolean empty = target.hasEmptyMemories();
    boolean wide = target.hasWideMultiplexers();
    return switch (target) {
      case GENERIC -> new Fabric(6, MemoryRules.XC7, 64, 64, 9, true, 40, 0, 262, empty, wide);
      case XC7 -> new Fabric(6, MemoryRules.XC7, 25, 18, 9, true, 40, 0, 262, empty, wide);
      case ECP5 -> new Fabric(4, MemoryRules.ECP5, 18, 18, 9, false, 78, 1.4, 735, empty, wide);
      case ICE40 -> new Fabric(4, MemoryRules.ICE40, 16, 16, 11, true, 40, 0, 630, empty, wide);
      case NEXUS -> new Fabric(4, MemoryRules.NEXUS, 18, 18, 9, false, 78, 0, 735, empty, wide);
      case GOWIN -> new Fabric(4, MemoryRules.GOWIN, 0, 0, 0, false, 78, 0, 655, empty, wide);
    };
  }

  /** A sum, difference or comparison of numbers of so many bits: one table a bit of the carry. */
  double adder(double bits) {
    return bits;
  }

  /**
   * A sum one of whose operands may be kept out of it. The carry chains of tables of four inputs
   * take both operands as they are, so that the gate is a table of its own.
   */
  double gatedAdder(double bits) {
    return lutInputs >= 6 ? adder(bits) : adder(bits) + bits;
  }

  /**
   * A row of a product whose multiplier's radix-4 digit selects one of four multiples: a table a
   * bit, of which one in two is also that of the adder behind it if it has six inputs.
   */
  double digitRow(int bits) {
    return lutInputs >= 6 ? DIGIT_ROW * bits : bits;
  }

  /** One bit out of so many. */
  double multiplexer(int choices) {
    if (choices <= 1) {
      return 0;
    }
    return Math.ceil(lutInputs >= 6 ? choices / 4.0 : 0.7 * (choices - 1));
  }

  /**
   * One bit out of those of so many banks, chosen by a tree ({@code Multiplexer} in the Verilog).
   */
  double banks(int count) {
    return bankChoice == 0 ? multiplexer(count) : bankChoice * (count - 1);
  }

  /**
   * So many bits that begin at one of as many places as a power of two has: a choice each, or rows
   * of choices between two that they share.
   */
  double window(int bits, int places) {
    return wideMultiplexers
        ? bits * multiplexer(places)
        : (double) bits(places) * (bits - 1) + places - 1;
  }

  /** A memory with one port that the host fills: of a kind that nothing else needs, or blocks. */
  Area filled(int words, int width) {
    return emptyMemories ? Area.NONE : memories.synchronous(this, words, width);
  }

  /** A condition on so many bits. */
  double condition(double bits) {
    return bits <= 1 ? 0 : Math.ceil((bits - 1) / (lutInputs - 1));
  }

  /** One bit of a read-only memory of so many words that is made of logic. */
  double table(int words) {
    int inputs = bits(words);
    if (inputs <= lutInputs) {
      return 1;
    }
    double whole = words / (double) (1 << lutInputs);
    if (lutInputs < 6) {
      return whole + whole - 1;
    }
    // multiplexers of up to four tables are free on xc7
    return inputs <= lutInputs + 2 ? 1 << (inputs - lutInputs) : DEEP_TABLE * whole;
  }

  /** A product. */
  Area product(int left, int right) {
    int wide = Math.max(left, right);
    int narrow = Math.min(left, right);
    if (narrow < 2) {
      return Area.luts(wide);
    }
    if (wideFactor == 0 || wide + narrow < leastProduct) {
      return Area.luts(lutInputs >= 6 ? narrow * (wide + 2.0) : carrySaveProduct(wide, narrow));
    }
    double blocks =
        Math.ceil(wide / (double) wideFactor) * Math.ceil(narrow / (double) narrowFactor);
    return new Area(0, 0, blocks, 0);
  }

  /** Partial products, carry-save adders of two tables a bit, and one sum at last. */
  private double carrySaveProduct(int wide, int narrow) {
    return narrow * wide + 2.0 * (narrow - 2) * (wide + 1) + adder(wide + narrow);
  }

  /** Bits that tell so many things apart. */
  static int bits(int things) {
    return things <= 1 ? 0 : 32 - Integer.numberOfLeadingZeros(things - 1);
  }
}
