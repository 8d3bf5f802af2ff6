// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.hardware.Target;

/**
 * How much of a device a search leaves free, because Yosys may find more than the estimate says.
 *
 * @param lutPart part of the LUTs, from 0 to 1
 * @param blockPart part of the memory blocks, likewise
 */
public record EstimateMargin(double lutPart, double blockPart) {
  /**
   * The margin of a family, from designs that Yosys counted ({@code docs/rationale/area.md}): on 7
   * series estimates of whole designs were at most 5 % low, and exact for memory blocks. On ECP5
   * they were at most 10 % low, and 7 % for blocks; on iCE40 LUTs were 5 % low at most, and blocks
   * never; on Gowin LUTs 4 %, and blocks 7 %. On Nexus few designs were compared.
   */
  public static EstimateMargin of(Target target) {
    return switch (target) {
      case GENERIC, XC7 -> new EstimateMargin(0.05, 0);
      case ECP5 -> new EstimateMargin(0.1, 0.08);
      case ICE40 -> new EstimateMargin(0.05, 0.03);
      case GOWIN -> new EstimateMargin(0.05, 0.08);
      case NEXUS -> new EstimateMargin(0.2, 0.3);
    };
  }

  /** What may be used of so many LUTs. */
  public double luts(double all) {
    return (1 - lutPart) * all;
  }

  /** What may be used of so many memory blocks. */
  public double blocks(double all) {
    return (1 - blockPart) * all;
  }
}
