// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import java.util.Arrays;

/**
 * How many memory ports each cluster of a sparse layer needs to keep up with the fullest.
 *
 * @param loads terms of each cluster, of all copies
 * @param outputs of each cluster, of all copies
 * @param copies lanes that take the same terms of different pixels; their ports count once
 */
public record UnequalPorts(long[] loads, int outputs, int copies) {
  /**
   * Steps that clusters take at least: the fullest has to do its terms, and each cluster's drain
   * takes an output a step, and a part more a copy for each port whose list was cut.
   *
   * @param most ports that a cluster may have
   */
  public long steps(int most) {
    long fullest = Arrays.stream(loads).max().orElseThrow();
    return Math.max(ceil(fullest, (long) most * copies), outputs + (most - 1L) * copies);
  }

  /**
   * The fewest ports of each cluster with which it takes no more than those steps.
   *
   * @param most ports that a cluster may have
   */
  public int[] of(int most) {
    long steps = steps(most) * copies;
    return Arrays.stream(loads).mapToInt(l -> (int) Math.max(1, ceil(l, steps))).toArray();
  }

  private static long ceil(long number, long divisor) {
    return (number + divisor - 1) / divisor;
  }
}
