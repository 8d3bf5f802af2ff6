// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

/**
 * What a search may build products and requantizers of, and how it counts multipliers.
 *
 * @param mostLogic lanes of a layer at most whose products come from adders
 * @param scales whether requantizers may scale with multipliers
 * @param countsProducts whether all that multiplies counts as a multiplier, also if it takes no DSP
 *     block, as where Yosys finds none or factors are narrow; else DSP blocks count
 * @param codes whether lanes of a matrix may read coded words
 */
record Forms(int mostLogic, boolean scales, boolean countsProducts, boolean codes) {
  /** The same with coded words. */
  Forms withCodes() {
    return new Forms(mostLogic, scales, countsProducts, true);
  }
}
