// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

/**
 * The clock that frames per second are counted with.
 *
 * @param megahertz above 0
 * @param required whether the user asked for it; if not, it is what designs of this kind reach
 */
public record Clock(double megahertz, boolean required) {
  public Clock {
    if (!(megahertz > 0) || Double.isInfinite(megahertz)) {
      throw new IllegalArgumentException("a clock is above 0 MHz");
    }
  }

  /** The user asked for it. */
  public static Clock required(double megahertz) {
    return new Clock(megahertz, true);
  }

  /** Nobody asked for it. */
  public static Clock assumed(double megahertz) {
    return new Clock(megahertz, false);
  }
}
