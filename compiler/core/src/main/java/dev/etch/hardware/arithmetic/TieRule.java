// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.arithmetic;

/** What happens to a value that lies exactly between two results. */
public enum TieRule {
  /** Nothing special: the arithmetic shift rounds down. */
  NONE,
  /** The even result is wanted. */
  TO_EVEN,
  /** The odd result is wanted: to even before an odd zero point was added. */
  TO_ODD;

  /** {@code value >> shift}, corrected at ties. */
  public long apply(long value, int shift) {
    long result = value >> shift;
    boolean tie = shift > 0 && (value & ((1L << shift) - 1)) == 0;
    if (this == NONE || !tie) {
      return result;
    }
    boolean odd = (result & 1) == 1;
    return odd == (this == TO_ODD) ? result : result - 1;
  }
}
