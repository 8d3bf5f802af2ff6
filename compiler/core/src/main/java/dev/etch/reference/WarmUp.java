// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How long interpreters have run. Until HotSpot has compiled loops on {@link Vectors}, which takes
 * about a second, they are a hundred times slower than others, so that they are only for a JVM that
 * has run others for a while.
 */
final class WarmUp {
  /** Of all interpreters. */
  static final WarmUp OF_THIS_JVM = new WarmUp(500_000_000);

  private final long limit;
  private final AtomicLong nanoseconds = new AtomicLong();

  /** A warm-up that takes so many nanoseconds of running. */
  WarmUp(long limit) {
    this.limit = limit;
  }

  /** A run took so many nanoseconds. */
  void add(long elapsed) {
    // Many threads would wait for each other at a number that no longer matters.
    if (!isOver()) {
      nanoseconds.addAndGet(elapsed);
    }
  }

  /** Whether interpreters have run long enough. */
  boolean isOver() {
    return nanoseconds.get() >= limit;
  }
}
