// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

/**
 * What came out for one frame, and when. A handshake's cycle is the clock cycle in which valid and
 * ready are both high, counted from the start of the simulator.
 *
 * @param output bytes of the output beats
 * @param firstInput cycle in which the frame's first beat was taken
 * @param lastOutput cycle in which the frame's last output beat was given
 */
public record FrameResult(byte[] output, long firstInput, long lastOutput) {
  /** Cycles from the first input handshake to the last output handshake. */
  public long latency() {
    return lastOutput - firstInput;
  }
}
