// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

/**
 * Fields of one of the schedule's memories, of one kind.
 *
 * @param bits of a word that are not constant
 * @param distinct those that neither are constant nor equal another one
 */
record Columns(int bits, int distinct) {
  static final Columns NONE = new Columns(0, 0);

  /** Columns that are all different. */
  static Columns of(int bits) {
    return new Columns(bits, bits);
  }
}
