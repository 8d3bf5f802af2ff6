// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import java.util.List;

/**
 * What came out for one frame, and when. A handshake's cycle is the clock cycle in which valid and
 * ready are both high, counted from the start of the simulator.
 *
 * @param outputs bytes of the beats of each output
 * @param firstInput cycle in which the frame's first beat was taken
 * @param lastOutput cycle in which the last beat of the last of its outputs was given
 */
public record FrameResult(List<byte[]> outputs, long firstInput, long lastOutput) {
  public FrameResult {
    outputs = List.copyOf(outputs);
  }

  /** Bytes of the beats of a design's only output. */
  public byte[] output() {
    if (outputs.size() != 1) {
      throw new IllegalStateException(outputs.size() + " outputs");
    }
    return outputs.get(0);
  }

  /** Cycles from the first input handshake to the last output handshake. */
  public long latency() {
    return lastOutput - firstInput;
  }
}
