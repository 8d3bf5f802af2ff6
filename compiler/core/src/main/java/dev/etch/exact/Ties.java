// SPDX-License-Identifier: Apache-2.0
package dev.etch.exact;

import dev.etch.hardware.arithmetic.TieRule;

/** Where a tie rule puts the edge between two outputs. */
final class Ties {
  private Ties() {}

  /** Least value whose output under {@link TieRule#apply} is at least {@code level}. */
  static long edge(int level, int shift, TieRule rule) {
    long tie = (long) level << shift;
    if (rule == TieRule.NONE || shift == 0) {
      return tie;
    }
    boolean odd = (level & 1) == 1;
    return odd == (rule == TieRule.TO_ODD) ? tie : tie + 1;
  }
}
