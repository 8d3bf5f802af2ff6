// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.schedule.Counting;
import dev.etch.tensor.IntegerTensor;
import java.nio.file.Path;
import java.util.List;

/**
 * Measures a design without stalls: the latency of a frame alone, and the cycles between frames
 * that follow one another.
 */
final class CycleMeasurement {
  /** Frames that a unit can hold at most: two in its window buffer, one in its queues. */
  private static final int FRAMES_IN_A_UNIT = 3;

  private final VerifiedDesign design;

  CycleMeasurement(VerifiedDesign design) {
    this.design = design;
  }

  /**
   * Measures.
   *
   * @param frame that is fed again and again
   * @throws SimulationException if frames do not come out, or more comes out than they are
   */
  Timing measure(Path simulator, IntegerTensor frame) {
    byte[] beats = design.ports().pack(frame);
    List<Integer> outputBeats = design.ports().outputBeats();
    Limits limits = design.limits(Stalls.NONE);
    Counting counting = design.counting();
    try (SimulatedAccelerator accelerator = design.started(simulator)) {
      FrameResult single = accelerator.runFrames(List.of(beats), outputBeats, limits).get(0);
      VerifiedDesign.nothingMore(accelerator, single.latency());
      accelerator.restart(SimulatedAccelerator.RESET_CYCLES);
      // So many that the source cannot run dry while frames are counted.
      int fed = counting.frames() + FRAMES_IN_A_UNIT * design.model().design().units().size();
      for (int i = 0; i < fed; i++) {
        accelerator.send(beats, true);
      }
      long before = endOf(counting.warmUp(), accelerator, limits);
      long after = endOf(counting.counted(), accelerator, limits);
      return new Timing(single.latency(), counting.perFrame(after - before), counting);
    }
  }

  /** The cycle after the last handshake of the next so many frames. */
  private long endOf(int frames, SimulatedAccelerator accelerator, Limits limits) {
    long cycles = Math.multiplyExact(limits.idleCycles(), frames);
    if (!accelerator.collect(design.ports().outputBeats(frames), cycles)) {
      throw new SimulationException(
          SimulationException.Kind.DEADLOCK,
          frames + " frames did not come out within " + cycles + " cycles");
    }
    return accelerator.status().cycle();
  }
}
