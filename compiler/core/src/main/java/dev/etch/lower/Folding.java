// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.hardware.WindowUnit;

/**
 * How much hardware one layer gets.
 *
 * @param block neighbouring output pixels of a row that one run of the schedule makes together;
 *     divides the output columns. Steps are whole, so where a pixel takes few of them, a block
 *     wastes less
 * @param clusters output elements made side by side, each with an own drain and requantizer;
 *     divides the output channels of a block
 * @param ports most address sequences in a cluster; a cluster that keeps up with fewer gets fewer
 * @param group lanes that share one address sequence
 * @param inputElements channels side by side in a beat of the window buffer; divides the input
 *     channels
 * @param shared whether all clusters follow the same address sequences, so that one memory serves
 *     them all; best for dense weights, where {@code false} lets each skip its own zeros
 * @param ahead whether the buffer also holds the first window of the next frame, so that no cycle
 *     is lost between frames
 * @param logic whether products come from adders instead of multipliers
 * @param scaling whether requantizers scale with a multiplier instead of adders, if they can
 */
public record Folding(
    int block,
    int clusters,
    int ports,
    int group,
    int inputElements,
    boolean shared,
    boolean ahead,
    boolean logic,
    boolean scaling) {
  public Folding {
    if (Math.min(Math.min(clusters, ports), Math.min(group, inputElements)) < 1 || block < 1) {
      throw new IllegalArgumentException("every part of a folding is at least 1");
    }
  }

  /**
   * What became of it: a layer that makes no products has none from adders, and one whose
   * requantizers have no form with a multiplier, or that shares its multipliers, does not scale.
   */
  public Folding asBuilt(WindowUnit unit) {
    return new Folding(
        block,
        clusters,
        ports,
        group,
        inputElements,
        shared,
        ahead,
        unit.multipliesInLogic(),
        unit.requantizer().multipliersEach() > 0);
  }
}
