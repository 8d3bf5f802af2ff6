// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import java.util.stream.IntStream;

/**
 * How the lanes of a layer are laid out; with {@link Buffering#inputElements} all that its schedule
 * depends on.
 *
 * @param block neighbouring output pixels of a row that one run of the schedule makes together;
 *     divides the output columns. Steps are whole, so where a pixel takes few of them, a block
 *     wastes less
 * @param copies neighbouring pixels of the block that take the same word of the schedule, in lanes
 *     of their own; divides the block, and if there are several, the clusters divide the output
 *     channels of a pixel. The schedule holds a weight for all of them once
 * @param clusters output elements made side by side, each with an own drain and requantizer;
 *     divides the output channels of a block
 * @param ports most address sequences in a cluster, those of copies counted once; a cluster that
 *     keeps up with fewer gets fewer
 * @param group lanes that share one address sequence
 * @param addressing where the lanes get their elements from; with {@link Addressing#BROADCAST},
 *     ports are the lanes of a cluster, and there are neither blocks nor groups
 */
public record LaneLayout(
    int block, int copies, int clusters, int ports, int group, Addressing addressing) {
  /** One lane, which makes one pixel at a time. */
  public static final LaneLayout SINGLE = new LaneLayout(1, 1, 1, 1, 1, Addressing.OWN);

  /** Elements of all banks of which an operand is chosen in a cycle. */
  private static final int MOST_CHOICES = 16;

  public LaneLayout {
    if (IntStream.of(block, copies, clusters, ports, group).min().orElseThrow() < 1) {
      throw new IllegalArgumentException("every part of a folding is at least 1");
    }
    if (block % copies != 0) {
      throw new IllegalArgumentException(copies + " copies do not divide a block of " + block);
    }
    if (addressing == Addressing.BROADCAST && block * group > 1) {
      throw new IllegalArgumentException("elements are broadcast to lanes of one pixel only");
    }
  }

  /** Whether all clusters follow the same address sequences. */
  public boolean isShared() {
    return addressing == Addressing.SHARED;
  }

  /** Whether every element goes to all lanes. */
  public boolean isBroadcast() {
    return addressing == Addressing.BROADCAST;
  }

  /**
   * Whether copies can read from banks: they are a power of two, and what they choose from is not
   * more than a cycle has room for.
   *
   * @param elements of a beat
   */
  public boolean canBank(int elements) {
    return copies > 1 && Integer.bitCount(copies) == 1 && copies * elements <= MOST_CHOICES;
  }

  /** Lanes of a port, in all copies. */
  public int lanesPerPort() {
    return group * copies;
  }
}
