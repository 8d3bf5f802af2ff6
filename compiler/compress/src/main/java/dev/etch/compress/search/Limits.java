// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.search;

import java.util.Optional;

/**
 * What is asked of a compressed model besides that it keeps the budget of hardware.
 *
 * @param cycles of a frame at most
 * @param bytes of the coded model at most
 * @param loss most part of the items that may be wrong besides those that the given model gets
 *     wrong, 0 to 1
 */
public record Limits(Optional<Long> cycles, Optional<Long> bytes, Optional<Double> loss) {
  public Limits {
    if (cycles.isEmpty() && bytes.isEmpty() && loss.isEmpty()) {
      throw new IllegalArgumentException("at least one limit");
    }
  }

  /** Whether there is a limit that more zeros help with. */
  public boolean sizeIsLimited() {
    return cycles.isPresent() || bytes.isPresent();
  }

  /** Whether a model of this price and size is small enough. */
  public boolean allows(Price price, long size) {
    return cycles.map(most -> price.cycles() <= most).orElse(true)
        && bytes.map(most -> size <= most).orElse(true);
  }

  /** Whether a model is right often enough. */
  public boolean allows(double given, double accuracy) {
    return loss.map(most -> accuracy >= given - most).orElse(true);
  }
}
