// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import java.util.Arrays;

/** How many memory ports each cluster of a sparse layer needs to keep up with the fullest. */
public final class UnequalPorts {
  private UnequalPorts() {}

  /**
   * Steps that clusters take at least: the fullest has to do its terms, and each cluster's drain
   * takes an output a step, and one part more for each port whose list was cut.
   *
   * @param loads terms of each cluster
   * @param outputs of each cluster
   * @param most ports that a cluster may have
   */
  public static long steps(long[] loads, int outputs, int most) {
    long fullest = Arrays.stream(loads).max().orElseThrow();
    return Math.max(ceil(fullest, most), outputs + most - 1L);
  }

  /** The fewest ports of each cluster with which it takes no more than those steps. */
  public static int[] of(long[] loads, int outputs, int most) {
    long steps = steps(loads, outputs, most);
    return Arrays.stream(loads).mapToInt(l -> (int) Math.max(1, ceil(l, steps))).toArray();
  }

  private static long ceil(long number, long divisor) {
    return (number + divisor - 1) / divisor;
  }
}
