// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cells of a synthesized design by kind, over the device families that Etch synthesizes for.
 *
 * @param luts lookup tables, with those that serve as memories or shift registers
 * @param flipFlops registers
 * @param multipliers DSP blocks
 * @param blocks block memories; half a one counts 0.5
 */
record CellCounts(long luts, long flipFlops, long multipliers, double blocks) {
  private static final Pattern CELL = Pattern.compile("^ +(?:\\$_)?([A-Z][A-Za-z0-9_]*) +(\\d+)$");
  private static final String LUT = "(SB_)?LUT[1-6].*";
  private static final String MEMORY_OF_FOUR = "RAM(32|64)M|TRELLIS_DPR16X4|RAM16SDP4";
  private static final String MEMORY_OF_TWO = "RAM32X1D|RAM64X1D";
  private static final String MEMORY_OF_ONE = "SRL.*|SRLC.*|RAM(32|64)X1S";
  private static final String FLIP_FLOP = "FD[A-Z]E.*|TRELLIS_FF|SB_DFF.*|DFF.*";
  private static final String MULTIPLIER = "DSP48.*|MULT.*|SB_MAC16";
  private static final String BLOCK = "RAMB36.*|DP16KD|SB_RAM.*|SDPB.*|DPB.*|SPX?9?";

  /** Reads what Yosys' {@code stat} printed; the last summary is that of the whole design. */
  static CellCounts of(String statistics) {
    int summary = statistics.lastIndexOf("Number of cells:");
    CellCounts counts = new CellCounts(0, 0, 0, 0);
    for (String line : statistics.substring(Math.max(0, summary)).lines().toList()) {
      Matcher cell = CELL.matcher(line);
      if (cell.matches()) {
        counts = counts.plus(cell.group(1), Long.parseLong(cell.group(2)));
      }
    }
    return counts;
  }

  private CellCounts plus(String cell, long count) {
    return new CellCounts(
        luts + lutsOf(cell) * count,
        flipFlops + (cell.matches(FLIP_FLOP) ? count : 0),
        multipliers + (cell.matches(MULTIPLIER) ? count : 0),
        blocks + (cell.matches(BLOCK) ? count : cell.matches("RAMB18.*") ? count / 2.0 : 0));
  }

  private static int lutsOf(String cell) {
    if (cell.matches(MEMORY_OF_FOUR)) {
      return 4;
    }
    if (cell.matches(MEMORY_OF_TWO)) {
      return 2;
    }
    return cell.matches(LUT) || cell.matches(MEMORY_OF_ONE) ? 1 : 0;
  }
}
