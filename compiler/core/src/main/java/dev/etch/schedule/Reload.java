// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import java.util.Objects;
import java.util.Optional;

/**
 * That the host loads weights, biases and scales, so that a network that was trained again needs no
 * new bitstream.
 *
 * @param headroom by which the accumulators of later weights may exceed those of the weights at
 *     hand, as a share of these; at least 0
 * @param stepHeadroom by which schedules that are loaded may have more steps, likewise; as the
 *     headroom if it is empty. Accumulators are a bit or two wider, but each step takes a cycle
 * @param buffers of each memory, see {@link dev.etch.hardware.Design#buffers}; 1 if it is empty
 */
public record Reload(double headroom, Optional<Double> stepHeadroom, Optional<Integer> buffers) {
  /** A fifth more. */
  public static final double STANDARD_HEADROOM = 0.2;

  /** A design for all weights that exist would be asked for otherwise. */
  private static final double MOST_HEADROOM = 100;

  public Reload {
    Objects.requireNonNull(stepHeadroom);
    requireShare(headroom);
    stepHeadroom.ifPresent(Reload::requireShare);
    Objects.requireNonNull(buffers);
    if (buffers.isPresent() && buffers.get() != 1 && buffers.get() != 2) {
      throw new IllegalArgumentException("1 buffer, or 2 to load weights while frames run");
    }
  }

  /** The same headroom for accumulators and steps. */
  public Reload(double headroom) {
    this(headroom, Optional.empty(), Optional.empty());
  }

  private static void requireShare(double headroom) {
    if (!(headroom >= 0 && headroom <= MOST_HEADROOM)) {
      throw new IllegalArgumentException("a headroom is a share from 0 to 100; 0.2 is a fifth");
    }
  }

  /** The headroom of steps. */
  double ofSteps() {
    return stepHeadroom.orElse(headroom);
  }

  /** Buffers of each memory. */
  int ofMemories() {
    return buffers.orElse(1);
  }
}
