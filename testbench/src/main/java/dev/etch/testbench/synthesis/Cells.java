// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.synthesis;

/**
 * Cells of a module, as Yosys counts them.
 *
 * @param luts look-up tables, with inverters and those that serve as memories and shift registers
 * @param flipFlops registers
 * @param multipliers DSP blocks
 * @param blocks memory blocks: halves of 18 kbit on xc7, EBR on ECP5 and iCE40, BSRAM on Gowin
 */
public record Cells(long luts, long flipFlops, long multipliers, long blocks) {
  /** Nothing. */
  public static final Cells NONE = new Cells(0, 0, 0, 0);

  /** Both together. */
  public Cells plus(Cells other) {
    return new Cells(
        luts + other.luts,
        flipFlops + other.flipFlops,
        multipliers + other.multipliers,
        blocks + other.blocks);
  }

  /** So many of them. */
  public Cells times(long count) {
    return new Cells(luts * count, flipFlops * count, multipliers * count, blocks * count);
  }
}
