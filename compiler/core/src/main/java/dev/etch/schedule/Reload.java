// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

/**
 * That the host loads weights, biases and scales, so that a network that was trained again needs no
 * new bitstream.
 *
 * @param headroom by which the accumulators of later weights may exceed those of the weights at
 *     hand, as a share of these; at least 0
 */
public record Reload(double headroom) {
  /** A fifth more. */
  public static final double STANDARD_HEADROOM = 0.2;

  /** A design for all weights that exist would be asked for otherwise. */
  private static final double MOST_HEADROOM = 100;

  public Reload {
    if (!(headroom >= 0 && headroom <= MOST_HEADROOM)) {
      throw new IllegalArgumentException("a headroom is a share from 0 to 100; 0.2 is a fifth");
    }
  }
}
