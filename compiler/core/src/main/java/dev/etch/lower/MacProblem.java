// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import java.util.Arrays;
import java.util.List;

/**
 * What one run of a window layer's schedule has to compute, for one pixel or a block of them, and
 * the lanes that there are to do it. Cluster c makes outputs c, c + clusters, c + 2 * clusters,
 * ...; within a cluster, {@code group} consecutive outputs are made side by side by lanes that read
 * the same elements in the same order, so that one memory port feeds them all.
 *
 * @param outputs of a pixel in channel order, pixel by pixel of a block; each with its nonzero
 *     terms in ascending order
 * @param clusters divides the number of outputs
 * @param lanesPerCluster most lanes of a cluster, a multiple of {@code group}
 * @param group lanes that share one address sequence, at least 1
 * @param shared whether the clusters share their address sequences too
 */
public record MacProblem(
    List<List<Term>> outputs, int clusters, int lanesPerCluster, int group, boolean shared) {
  public MacProblem {
    outputs = outputs.stream().map(List::copyOf).toList();
    if (clusters < 1 || outputs.isEmpty() || outputs.size() % clusters != 0) {
      throw new IllegalArgumentException(outputs.size() + " outputs on " + clusters + " clusters");
    }
    if (group < 1 || lanesPerCluster < 1 || lanesPerCluster % group != 0) {
      throw new IllegalArgumentException(lanesPerCluster + " lanes in groups of " + group);
    }
  }

  /**
   * One product.
   *
   * @param address beat of the window buffer, counted from the window's origin
   * @param element element of that beat
   * @param weight factor, not 0
   */
  public record Term(int address, int element, int weight) implements Comparable<Term> {
    /** A number that orders terms by address, then element. */
    public long place() {
      return ((long) address << 32) | element;
    }

    @Override
    public int compareTo(Term other) {
      return Long.compare(place(), other.place());
    }
  }

  /** Outputs that each cluster makes. */
  public int outputsPerCluster() {
    return outputs.size() / clusters;
  }

  /** Most address sequences of a cluster. */
  public int ports() {
    return lanesPerCluster / group;
  }

  /**
   * Address sequences of a cluster. Where clusters skip their own zeros, one that has fewer terms
   * gets no more ports than it takes to keep up with the fullest.
   */
  public int ports(int cluster) {
    return shared || group > 1
        ? ports()
        : UnequalPorts.of(loads(), outputsPerCluster(), ports())[cluster];
  }

  /** Lanes of all clusters. */
  public int lanes() {
    if (shared || group > 1) {
      return clusters * lanesPerCluster;
    }
    return Arrays.stream(UnequalPorts.of(loads(), outputsPerCluster(), ports())).sum();
  }

  private long[] loads() {
    long[] loads = new long[clusters];
    for (int o = 0; o < outputs.size(); o++) {
      loads[o % clusters] += outputs.get(o).size();
    }
    return loads;
  }

  /** Terms of output {@code index} of a cluster. */
  public List<Term> terms(int cluster, int index) {
    return outputs.get(index * clusters + cluster);
  }
}
