// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.hardware.LoadedWords;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What one run of a window layer's schedule has to compute, for one pixel or a block of them, and
 * the lanes that there are to do it. Cluster c makes outputs c, c + clusters, c + 2 * clusters,
 * ...; within a cluster, {@code group} consecutive outputs are made side by side by lanes that read
 * the same elements in the same order, so that one memory port feeds them all. Neighbouring pixels
 * of a block may also have {@code copies} of the lanes, which take the same words of the schedule
 * and read {@code distance} beats further on.
 *
 * @param outputs of a pixel in channel order, pixel by pixel of a block; each with its terms in
 *     ascending order
 * @param clusters divides the number of outputs
 * @param portsPerCluster most address sequences of a cluster, those of copies counted once
 * @param group lanes that share one address sequence, at least 1
 * @param copies pixels that take the same words of the schedule
 * @param shared whether the clusters share their address sequences too
 * @param loaded if the host loads weights; empty if they are constants
 */
public record MacProblem(
    List<List<Term>> outputs,
    int clusters,
    int portsPerCluster,
    int group,
    Copies copies,
    boolean shared,
    Optional<LoadableWeights> loaded) {
  public MacProblem {
    Objects.requireNonNull(loaded);
    outputs = outputs.stream().map(List::copyOf).toList();
    if (clusters < 1 || outputs.isEmpty() || outputs.size() % clusters != 0) {
      throw new IllegalArgumentException(outputs.size() + " outputs on " + clusters + " clusters");
    }
    if (group < 1 || portsPerCluster < 1) {
      throw new IllegalArgumentException(portsPerCluster + " ports with groups of " + group);
    }
    if (copies.count() > 1 && outputs.size() / copies.pixels() % clusters != 0) {
      throw new IllegalArgumentException("copies of an output are in different clusters");
    }
  }

  /**
   * How pixels of a block follow one schedule.
   *
   * @param pixels of the block
   * @param count neighbouring ones that do; divides {@code pixels}
   * @param distance beats from an element of one to the same element of the next
   */
  public record Copies(int pixels, int count, int distance) {
    /** A pixel alone. */
    public static final Copies NONE = new Copies(1, 1, 0);

    public Copies {
      if (count < 1 || pixels < 1 || pixels % count != 0) {
        throw new IllegalArgumentException(count + " copies of " + pixels + " pixels");
      }
    }
  }

  /**
   * One product.
   *
   * @param address beat of the window buffer, counted from the window's origin
   * @param element element of that beat
   * @param weight factor; 0 only if weights are loaded, and their schedule is not
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

  /** Lanes that each address sequence of a cluster has, in all copies. */
  public int lanesPerPort() {
    return group * copies.count();
  }

  /**
   * Address sequences of a cluster, those of copies counted once. Where clusters skip their own
   * zeros, one that has fewer terms gets no more ports than it takes to keep up with the fullest.
   */
  public int ports(int cluster) {
    return hasEqualPorts() ? portsPerCluster : unequalPorts()[cluster];
  }

  /** Where the schedule is loaded, the terms of a cluster are not known. */
  private boolean hasEqualPorts() {
    return shared || group > 1 || room().isPresent();
  }

  /** Room of the schedule, if it is loaded. */
  public Optional<ScheduleRoom> room() {
    return loaded.flatMap(LoadableWeights::room);
  }

  /** Room of coded words, if these are loaded. */
  public Optional<CodedRoom> coded() {
    return loaded.flatMap(LoadableWeights::coded);
  }

  /** What the host loads of the schedule. */
  public Optional<LoadedWords> loadedWords() {
    return loaded.map(
        weights ->
            new LoadedWords(
                weights.type(),
                weights.room().map(room -> new LoadedWords.Sequences(lanesPerPort(), shared))));
  }

  /** Lanes of all clusters. */
  public int lanes() {
    int ports = hasEqualPorts() ? clusters * portsPerCluster : Arrays.stream(unequalPorts()).sum();
    return ports * lanesPerPort();
  }

  private int[] unequalPorts() {
    return new UnequalPorts(loads(), outputsPerCluster(), copies.count()).of(portsPerCluster);
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
