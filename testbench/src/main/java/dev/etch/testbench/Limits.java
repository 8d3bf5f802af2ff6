// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

/**
 * When a run that makes no progress is given up.
 *
 * @param idleCycles longest time without any stream handshake
 * @param totalCycles longest run
 */
public record Limits(long idleCycles, long totalCycles) {
  /** A million idle cycles; no limit in total. */
  public static final Limits DEFAULT = new Limits(1_000_000, Long.MAX_VALUE);

  public Limits {
    if (idleCycles < 1 || totalCycles < 1) {
      throw new IllegalArgumentException("limits are at least one cycle");
    }
  }

  /** Idle time that no correct design of this frame time needs. */
  public static Limits forFrameCycles(long cycles, Stalls stalls) {
    double outside = (1 - stalls.input()) * (1 - stalls.output());
    // Units on the way there and back wait for each other.
    double inside = Math.pow(1 - stalls.inside(), 2);
    double slow = 1 / (outside * inside);
    // In bursts, one side may rest for as long again and again while the other is awake.
    long bursts = 16L * (stalls.burst() - 1);
    return new Limits((long) (10_000 + 4 * cycles * slow + bursts), Long.MAX_VALUE);
  }
}
