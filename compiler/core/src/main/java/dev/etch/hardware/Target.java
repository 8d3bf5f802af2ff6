// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import dev.etch.hardware.requantizer.CentredScale;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** A family of devices. */
public enum Target {
  /** No particular device: a multiplier is a {@code *} in the Verilog. */
  GENERIC("generic", false, true, 0, 0),
  /** AMD 7 series: DSP48E1, 25 x 18 bits signed. */
  XC7("xc7", true, true, 25, 18),
  /** Lattice ECP5: MULT18X18D. */
  ECP5("ecp5", true, false, 18, 18),
  /** Lattice iCE40 UltraPlus: SB_MAC16. */
  ICE40("ice40", true, false, 16, 16),
  /** Gowin GW1N, GW2A: MULT18X18. */
  GOWIN("gowin", true, false, 18, 18),
  /** Lattice Nexus (CrossLink-NX, Certus-NX): MULT18X18. */
  NEXUS("nexus", true, false, 18, 18);

  private final String id;
  private final boolean dspBlocks;
  private final boolean shiftRegisters;
  private final int widerFactorBits;
  private final int narrowerFactorBits;

  /**
   * A family.
   *
   * @param shiftRegisters whether registers in a row may become a table that shifts
   * @param widerFactorBits signed bits of a DSP block's wider factor; 0 without DSP blocks
   * @param narrowerFactorBits signed bits of the other factor; 0 without DSP blocks
   */
  Target(
      String id,
      boolean dspBlocks,
      boolean shiftRegisters,
      int widerFactorBits,
      int narrowerFactorBits) {
    this.id = id;
    this.dspBlocks = dspBlocks;
    this.shiftRegisters = shiftRegisters;
    this.widerFactorBits = widerFactorBits;
    this.narrowerFactorBits = narrowerFactorBits;
  }

  /** Name on the command line and in mapping files. */
  public String id() {
    return id;
  }

  /** Whether multipliers are DSP blocks. */
  public boolean hasDspBlocks() {
    return dspBlocks;
  }

  /**
   * Whether synthesis makes tables that shift of registers in a row. Such a table has its output
   * later after the clock than a register.
   */
  public boolean hasShiftRegisters() {
    return shiftRegisters;
  }

  /**
   * Whether large memories with one port are kinds of their own that a bitstream does not fill, as
   * SB_SPRAM256KA of iCE40 UltraPlus.
   */
  public boolean hasEmptyMemories() {
    return this == ICE40;
  }

  /**
   * Whether look-up tables can be memories that are written; otherwise small ones are registers.
   */
  public boolean hasTableMemories() {
    return this != ICE40;
  }

  /** Whether tables side by side are multiplexers of many inputs, without tables of their own. */
  public boolean hasWideMultiplexers() {
    return this != ICE40;
  }

  /**
   * Products of one operand with different factors that a multiplier makes at once: the factors
   * stand side by side in its wider input, and the products side by side in its output. 1 without
   * DSP blocks, and where all factors are 0.
   */
  public int productsPerMultiplier(ProductPacking.Ranges ranges) {
    int products = 1;
    while (dspBlocks
        && !ranges.isZero()
        && new ProductPacking(ranges, products + 1).factorBits() <= widerFactorBits
        && ranges.operandBits() <= narrowerFactorBits) {
      products++;
    }
    return products;
  }

  /** Whether one multiplier computes a requantization. */
  public boolean computes(CentredScale requantizer) {
    return dspBlocks
        && requantizer.operandBits() <= narrowerFactorBits
        && requantizer.multiplierBits() <= widerFactorBits;
  }

  /** The target of that name. */
  public static Optional<Target> byId(String id) {
    return Arrays.stream(values()).filter(t -> t.id.equals(id)).findFirst();
  }

  /** All names, for messages. */
  public static String ids() {
    return Arrays.stream(values()).map(Target::id).collect(Collectors.joining(", "));
  }
}
