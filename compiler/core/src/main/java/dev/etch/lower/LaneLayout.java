// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

/**
 * How the lanes of a layer are laid out; with {@link Buffering#inputElements} all that its schedule
 * depends on.
 *
 * @param block neighbouring output pixels of a row that one run of the schedule makes together;
 *     divides the output columns. Steps are whole, so where a pixel takes few of them, a block
 *     wastes less
 * @param clusters output elements made side by side, each with an own drain and requantizer;
 *     divides the output channels of a block
 * @param ports most address sequences in a cluster; a cluster that keeps up with fewer gets fewer
 * @param group lanes that share one address sequence
 * @param shared whether all clusters follow the same address sequences, so that one memory serves
 *     them all; best for dense weights, where {@code false} lets each skip its own zeros
 */
public record LaneLayout(int block, int clusters, int ports, int group, boolean shared) {
  /** One lane, which makes one pixel at a time. */
  public static final LaneLayout SINGLE = new LaneLayout(1, 1, 1, 1, false);

  public LaneLayout {
    if (Math.min(Math.min(block, clusters), Math.min(ports, group)) < 1) {
      throw new IllegalArgumentException("every part of a folding is at least 1");
    }
  }
}
