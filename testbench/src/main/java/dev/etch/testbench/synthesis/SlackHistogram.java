// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.synthesis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How much time is left on the longest path to each input of a register, memory or multiplier.
 *
 * @param bins of equal width, least slack first; empty if there is no path
 */
public record SlackHistogram(List<Bin> bins) {
  private static final int BINS = 12;

  public SlackHistogram {
    bins = List.copyOf(bins);
  }

  /**
   * Endpoints with a slack in a range.
   *
   * @param fromNanoseconds negative if the clock is missed
   * @param toNanoseconds end of the range
   * @param endpoints how many
   */
  public record Bin(double fromNanoseconds, double toNanoseconds, int endpoints) {}

  /** The slacks of paths at a clock with that period. */
  static SlackHistogram of(double[] lengths, double period) {
    double[] slacks = Arrays.stream(lengths).map(length -> period - length).sorted().toArray();
    if (slacks.length == 0) {
      return new SlackHistogram(List.of());
    }
    double least = slacks[0];
    double width = Math.max(1e-3, (slacks[slacks.length - 1] - least) / BINS);
    int[] counts = new int[BINS];
    for (double slack : slacks) {
      counts[Math.min(BINS - 1, (int) ((slack - least) / width))]++;
    }
    List<Bin> bins = new ArrayList<>();
    for (int bin = 0; bin < BINS; bin++) {
      bins.add(new Bin(least + bin * width, least + (bin + 1) * width, counts[bin]));
    }
    return new SlackHistogram(bins);
  }
}
