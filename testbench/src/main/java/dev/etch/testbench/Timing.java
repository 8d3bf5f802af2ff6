// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.schedule.Counting;
import dev.etch.schedule.CycleResult;
import java.util.Objects;

/**
 * How long an accelerator takes when the host never stalls.
 *
 * @param latencyCycles last output handshake minus first input handshake, of a single frame
 * @param cyclesPerFrame between the last output handshakes of frames fed back to back without end,
 *     as {@link dev.etch.schedule.CycleModel} counts them
 * @param counting which frames were counted
 */
public record Timing(long latencyCycles, long cyclesPerFrame, Counting counting) {
  public Timing {
    Objects.requireNonNull(counting);
  }

  /** What the cycle model predicts. */
  public static Timing predicted(CycleResult prediction) {
    return new Timing(
        prediction.latencyCycles(), prediction.cyclesPerFrame(), prediction.counting());
  }
}
