// SPDX-License-Identifier: Apache-2.0
package dev.etch.op.requantization;

/** The last step of every definition: its output is kept within its limits. */
final class Limits {
  private Limits() {}

  /** The integer that is nearest to {@code value} from {@code low} to {@code high}. */
  static int clamp(long value, int low, int high) {
    return (int) Math.max(low, Math.min(high, value));
  }

  /** Likewise for a whole number; what is not a number is 0 first. */
  static int clamp(double value, int low, int high) {
    // The cast saturates, so that clamping after it is the same, and several times faster.
    return Math.max(low, Math.min(high, (int) value));
  }
}
