// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.hardware.Target;

/**
 * Cells. Estimates are fractions, so that rounding does not add up over many small blocks.
 *
 * @param luts look-up tables, of six inputs on xc7 and four elsewhere, with those that serve as
 *     memories or carry chains
 * @param flipFlops registers
 * @param multipliers DSP blocks
 * @param blocks memory blocks: halves of 18 kbit on xc7, EBR on ECP5 and iCE40, BSRAM on Gowin
 */
public record Area(double luts, double flipFlops, double multipliers, double blocks) {
  /** Nothing. */
  public static final Area NONE = new Area(0, 0, 0, 0);

  /** Logic without registers. */
  static Area luts(double luts) {
    return new Area(luts, 0, 0, 0);
  }

  /** Registers without logic. */
  static Area flipFlops(double flipFlops) {
    return new Area(0, flipFlops, 0, 0);
  }

  /** Both together. */
  public Area plus(Area other) {
    return new Area(
        luts + other.luts,
        flipFlops + other.flipFlops,
        multipliers + other.multipliers,
        blocks + other.blocks);
  }

  /** So many of them. */
  public Area times(double count) {
    return new Area(luts * count, flipFlops * count, multipliers * count, blocks * count);
  }

  /** How many of {@link #blocks()} a memory block is that users of the family count. */
  public static int partsOfBlock(Target target) {
    return switch (target) {
      case XC7, GENERIC -> 2;
      case ECP5, ICE40, GOWIN, NEXUS -> 1;
    };
  }

  /** Look-up tables as a whole number. */
  public long wholeLuts() {
    return Math.round(luts);
  }

  /** Registers as a whole number. */
  public long wholeFlipFlops() {
    return Math.round(flipFlops);
  }

  /** DSP blocks as a whole number. */
  public long wholeMultipliers() {
    return Math.round(multipliers);
  }

  /** Memory blocks as a whole number. */
  public long wholeBlocks() {
    return Math.round(blocks);
  }
}
