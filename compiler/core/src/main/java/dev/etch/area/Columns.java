// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

/**
 * Fields of one of the schedule's memories.
 *
 * @param bits of a word
 * @param distinct those that neither are constant nor equal another one
 */
record Columns(int bits, int distinct) {
  /** Columns that are all different. */
  static Columns of(int bits) {
    return new Columns(bits, bits);
  }
}
