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
   * The margin of a family. On 7 series the estimates of the MLPerf Tiny designs were at most 5 %
   * low, of whole designs, and exact for memory blocks. On ECP5 the only designs compared took up
   * to 25 % more LUTs and 30 % more memory blocks; the other families are taken to be like it.
   */
  public static EstimateMargin of(Target target) {
    return switch (target) {
      case GENERIC, XC7 -> new EstimateMargin(0.04, 0);
      case ECP5, ICE40, GOWIN, NEXUS -> new EstimateMargin(0.2, 0.3);
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
