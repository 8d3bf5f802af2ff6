// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

/**
 * How much hardware one layer gets.
 *
 * @param clusters output elements made side by side, each with an own drain and requantizer;
 *     divides the output channels
 * @param ports address sequences in each cluster
 * @param group lanes that share one address sequence
 * @param inputElements channels side by side in a beat of the window buffer; divides the input
 *     channels
 * @param shared whether all clusters follow the same address sequences, so that one memory serves
 *     them all; best for dense weights, where {@code false} lets each skip its own zeros
 * @param ahead whether the buffer also holds the first window of the next frame, so that no cycle
 *     is lost between frames
 */
public record Folding(
    int clusters, int ports, int group, int inputElements, boolean shared, boolean ahead) {
  public Folding {
    if (Math.min(Math.min(clusters, ports), Math.min(group, inputElements)) < 1) {
      throw new IllegalArgumentException("every part of a folding is at least 1");
    }
  }

  /** Products a cycle. */
  public int lanes() {
    return clusters * ports * group;
  }
}
