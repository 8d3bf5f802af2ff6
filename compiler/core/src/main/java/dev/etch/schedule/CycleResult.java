// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.Stream;
import java.util.List;
import java.util.Map;

/**
 * What the cycle model predicts; measured on the RTL in the same way.
 *
 * @param latencyCycles from the first input handshake to the last output handshake when a single
 *     frame is fed
 * @param cyclesPerFrame between the last output handshakes of frames fed back to back, see {@link
 *     CycleModel}
 * @param counting which of those frames were counted
 * @param frameEnds cycle of the last output handshake of each of those frames, counted from their
 *     first input handshake
 * @param peaks most beats that each queue held
 * @param units activity of the window units by name, over all frames
 */
public record CycleResult(
    long latencyCycles,
    long cyclesPerFrame,
    Counting counting,
    List<Long> frameEnds,
    Map<Stream, Integer> peaks,
    Map<String, Activity> units) {
  public CycleResult {
    frameEnds = List.copyOf(frameEnds);
    peaks = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(peaks));
    units = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(units));
  }

  /** With a rate that a design can go on with, if the frames that were counted came faster. */
  CycleResult noFasterThan(long cycles) {
    return new CycleResult(
        latencyCycles, Math.max(cycles, cyclesPerFrame), counting, frameEnds, peaks, units);
  }

  /**
   * How a window unit spent its time.
   *
   * @param busyCycles cycles in which its schedule ran
   * @param starts pixels started
   * @param waitsForInput other cycles, with room for another pixel, whose elements are not there
   *     yet; and those in which the unit stands, because a word from outside is not there
   * @param waitsForOutput other cycles, with all room taken
   * @param waitsForArray other cycles, in which only another unit kept a pixel from starting
   */
  public record Activity(
      long busyCycles, long starts, long waitsForInput, long waitsForOutput, long waitsForArray) {
    /** This and what {@code more} is above {@code before}. */
    Activity plus(Activity more, Activity before) {
      return new Activity(
          busyCycles + more.busyCycles - before.busyCycles,
          starts + more.starts - before.starts,
          waitsForInput + more.waitsForInput - before.waitsForInput,
          waitsForOutput + more.waitsForOutput - before.waitsForOutput,
          waitsForArray + more.waitsForArray - before.waitsForArray);
    }
  }
}
