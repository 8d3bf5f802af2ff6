// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import java.util.Objects;
import java.util.Optional;

/**
 * How many steps a schedule has that the host loads: more than the weights at hand need, for those
 * that come later.
 *
 * @param headroom share of the steps at hand that is added, at least 0; 0.2 is a fifth
 * @param steps exactly so many; empty if the headroom says it
 */
public record ScheduleRoom(double headroom, Optional<Integer> steps) {
  /** Steps at most, unless the weights at hand need more. */
  public static final int MOST_STEPS = 1 << 20;

  public ScheduleRoom {
    Objects.requireNonNull(steps);
    if (!(headroom >= 0)) {
      throw new IllegalArgumentException("headroom of " + headroom);
    }
  }

  /** Steps for weights that need so many. */
  public long steps(long needed) {
    return steps
        .map(Integer::longValue)
        .orElseGet(
            () ->
                Math.max(needed, (long) Math.min(MOST_STEPS, Math.ceil(needed * (1 + headroom)))));
  }
}
