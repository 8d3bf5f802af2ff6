// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import java.io.IOException;
import java.util.function.IntFunction;

/** Writes frames to a simulator from a thread of its own, so that neither pipe can fill up. */
final class FrameFeeder {
  private final SimulatorChannel channel;
  private final int count;
  private final IntFunction<byte[]> frames;
  private final int frameBytes;
  private final Thread thread;
  private volatile RuntimeException failure;

  FrameFeeder(SimulatorChannel channel, int count, IntFunction<byte[]> frames, int frameBytes) {
    this.channel = channel;
    this.count = count;
    this.frames = frames;
    this.frameBytes = frameBytes;
    this.thread = new Thread(this::feed, "etch-feeder");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void feed() {
    try {
      for (int i = 0; i < count; i++) {
        byte[] frame = frames.apply(i);
        if (frame.length != frameBytes) {
          throw new IllegalArgumentException("frame " + i + " has another length");
        }
        channel.writeBytes(frame);
      }
      channel.flush();
    } catch (IOException e) {
      // The reading side notices that the process ended, and says why.
      return;
    } catch (RuntimeException e) {
      failure = e;
      channel.closeInput();
    }
  }

  /** Waits for the end of the thread. */
  void finish() {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throwIfFailed();
  }

  void throwIfFailed() {
    if (failure != null) {
      throw failure;
    }
  }
}
