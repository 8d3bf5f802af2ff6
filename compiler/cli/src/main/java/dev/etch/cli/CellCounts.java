// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.area.Area;
import dev.etch.hardware.Target;
import dev.etch.testbench.synthesis.Cells;

/**
 * Cells of a synthesized design by kind, over the device families that Etch synthesizes for.
 *
 * @param luts lookup tables, with those that serve as memories or shift registers
 * @param flipFlops registers
 * @param multipliers DSP blocks
 * @param blocks block memories; half a one counts 0.5
 */
record CellCounts(long luts, long flipFlops, long multipliers, double blocks) {
  /** In the blocks that users of the family count. */
  static CellCounts of(Cells cells, Target family) {
    return new CellCounts(
        cells.luts(),
        cells.flipFlops(),
        cells.multipliers(),
        (double) cells.blocks() / Area.partsOfBlock(family));
  }
}
