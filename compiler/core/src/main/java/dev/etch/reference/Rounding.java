// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

/**
 * Rounding and clamping of float32 numbers with nothing but additions, products and absolute
 * values: Java 17 turns these into vector instructions, but neither {@link Math#rint} of a float
 * nor, at full speed, {@link Math#max}.
 */
final class Rounding {
  /** 1.5 * 2^23: adding it to a number of magnitude up to 2^22 rounds that, half to even. */
  static final float TO_INTEGER = 12_582_912;

  private Rounding() {}

  /** Whether numbers of magnitude up to {@code largest} are rounded exactly. */
  static boolean isExact(double largest) {
    return largest <= 1 << 22;
  }

  /**
   * How far {@code value}, rounded half to even and clamped to {@code [low, low + span]}, is below
   * the upper end. Both bounds are integers, so that every step after the first is exact; {@code (d
   * + |d|) / 2} is the larger of d and 0.
   */
  static float below(float value, float low, float span) {
    float distance = ((value + TO_INTEGER) - TO_INTEGER) - low;
    float above = span - (distance + Math.abs(distance)) * 0.5f;
    return (above + Math.abs(above)) * 0.5f;
  }
}
