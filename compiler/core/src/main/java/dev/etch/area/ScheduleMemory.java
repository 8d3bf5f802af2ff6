// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

/**
 * The memory of one stage of a schedule: all its columns are fields of a word.
 *
 * @param positions addresses, and which element of a beat
 * @param weights of lanes
 * @param repeating flags and drains: the same from part to part of a long schedule
 */
record ScheduleMemory(Columns positions, Columns weights, Columns repeating) {
  /** The same where as many ports follow one sequence of positions. */
  ScheduleMemory ofOneSequence(int ports) {
    Columns one =
        new Columns(
            (positions.bits() + ports - 1) / ports, (positions.distinct() + ports - 1) / ports);
    return new ScheduleMemory(one, weights, repeating);
  }

  /** Bits of a word that are not constant. */
  int bits() {
    return positions.bits() + weights.bits() + repeating.bits();
  }

  /** Those that neither are constant nor equal another one. */
  int distinct() {
    return positions.distinct() + weights.distinct() + repeating.distinct();
  }
}
