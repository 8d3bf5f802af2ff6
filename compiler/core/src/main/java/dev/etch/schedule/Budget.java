// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

/** What the user asks for. */
public sealed interface Budget {
  /** As few cycles a frame as so many multipliers allow. */
  record Multipliers(int count) implements Budget {
    public Multipliers {
      if (count < 1) {
        throw new IllegalArgumentException("at least one multiplier");
      }
    }
  }

  /** As few multipliers as so many frames a second, at the mapping's clock, allow. */
  record FramesPerSecond(double rate) implements Budget {
    public FramesPerSecond {
      if (!(rate > 0) || Double.isInfinite(rate)) {
        throw new IllegalArgumentException("a frame rate is above 0");
      }
    }
  }

  /** As few multipliers as so many cycles a frame allow. */
  record CyclesPerFrame(long cycles) implements Budget {
    public CyclesPerFrame {
      if (cycles < 1) {
        throw new IllegalArgumentException("at least one cycle");
      }
    }
  }
}
