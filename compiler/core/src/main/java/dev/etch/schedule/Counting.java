// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

/**
 * Which frames the cycles per frame are counted over, of those that are fed back to back; the model
 * and the simulation count the same ones.
 *
 * @param warmUp frames that leave before, at least 1
 * @param counted frames that leave meanwhile, at least 1
 */
public record Counting(int warmUp, int counted) {
  /** What does for a design whose frames leave one like the other. */
  public static final Counting STANDARD = new Counting(8, 4);

  /** The same where designs are only compared. */
  static final Counting FEWER = new Counting(3, 2);

  public Counting {
    if (warmUp < 1 || counted < 1) {
      throw new IllegalArgumentException(counted + " frames after " + warmUp);
    }
  }

  /**
   * At least as many frames, but whole periods of a design that repeats itself, counted from where
   * it does: layers that share multipliers may let several frames out close together, and then none
   * for a while.
   *
   * @param first frame, counted from 0, after which the design is as it is after others
   * @param period frames from one of these to the next
   */
  Counting inPeriods(int first, int period) {
    int periods = (counted + period - 1) / period;
    return new Counting(Math.max(warmUp, first + 1), periods * period);
  }

  /** Frames that are played or simulated. */
  public int frames() {
    return warmUp + counted;
  }

  /** Cycles a frame, rounded up, if the counted frames took so many. */
  public long perFrame(long cycles) {
    return (cycles + counted - 1) / counted;
  }
}
