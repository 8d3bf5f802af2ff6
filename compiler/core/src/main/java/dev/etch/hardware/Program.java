// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The static schedule of one output pixel. A unit may treat a block of neighbouring output pixels
 * as one pixel with as many times the channels; everything here and in {@link WindowUnit} then
 * holds for the block.
 *
 * @param steps cycles a pixel takes when nothing stalls, at least 1
 * @param clusters each makes every {@code clusters.size()}-th channel: cluster c makes channels c,
 *     c + clusters, c + 2 * clusters, ...
 * @param outputsPerCluster channels that each cluster makes
 * @param loaded what the host loads; empty if all of it are constants of the hardware
 */
public record Program(
    int steps, List<Cluster> clusters, int outputsPerCluster, Optional<LoadedWords> loaded) {
  public Program {
    Objects.requireNonNull(loaded);
    clusters = List.copyOf(clusters);
    if (steps < 1 || clusters.isEmpty() || outputsPerCluster < 1) {
      throw new IllegalArgumentException("empty program");
    }
    for (Cluster cluster : clusters) {
      if (cluster.drains().size() != steps
          || cluster.lanes().stream().anyMatch(l -> l.steps().size() != steps)) {
        throw new IllegalArgumentException("every lane and drain list has one entry a step");
      }
    }
  }

  /**
   * Lanes, as many as each cluster needs, with a common drain and requantizer; {@code drains} has
   * one entry a slot.
   */
  public record Cluster(List<Lane> lanes, List<Drain> drains) {
    public Cluster {
      lanes = List.copyOf(lanes);
      drains = List.copyOf(drains);
    }
  }

  /** One lane: an entry a step. Lanes with equal address sequences share a memory port. */
  public record Lane(List<Step> steps) {
    public Lane {
      steps = List.copyOf(steps);
    }
  }

  /**
   * What a lane does in one cycle.
   *
   * @param address beat to read, counted from the window's origin; -1 to do nothing
   * @param element which element of the beat
   * @param weight factor
   * @param last whether this ends a part
   */
  public record Step(int address, int element, int weight, boolean last) {
    /** Does nothing. */
    public static final Step IDLE = new Step(-1, 0, 0, false);

    /** Whether this does nothing. */
    public boolean isIdle() {
      return address < 0;
    }
  }

  /**
   * What a cluster's drain does in one slot.
   *
   * @param lane lane whose holding register is taken; -1 for the constant 0 (an output without
   *     nonzero weights)
   * @param first whether this starts an output
   * @param last whether this completes an output
   * @param output which of the cluster's outputs, 0 to outputsPerCluster - 1
   * @param previousPixel whether this belongs to the pixel before the one that runs
   * @param idle whether nothing happens in this slot
   */
  public record Drain(
      int lane, boolean first, boolean last, int output, boolean previousPixel, boolean idle) {
    /** Nothing happens. */
    public static final Drain IDLE = new Drain(-1, false, false, 0, false, true);

    /** A drain that does something. */
    public static Drain of(int lane, boolean first, boolean last, int output, boolean previous) {
      return new Drain(lane, first, last, output, previous, false);
    }
  }

  /** Whether the host loads all words, so that there is no telling what lanes do in a step. */
  public boolean loadsSchedule() {
    return loaded.flatMap(LoadedWords::schedule).isPresent();
  }

  /** Whether a cluster's drain may take the constant 0, for an output without nonzero weights. */
  public boolean takesZero(int cluster) {
    return loadsSchedule()
        || clusters.get(cluster).drains().stream()
            .anyMatch(drain -> !drain.idle() && drain.lane() < 0);
  }

  /**
   * Slots after the last step until the last drain of the pixel, 0 if none is left over. If the
   * schedule is loaded, as many as there may be: no lane of a cluster has more than a part left.
   */
  public int tail() {
    if (loadsSchedule()) {
      return mostTail(
          steps, clusters.stream().mapToInt(cluster -> cluster.lanes().size()).max().orElseThrow());
    }
    return usedTail();
  }

  /** Slots after the last step in which schedules that are loaded may have drains. */
  public static int mostTail(int steps, int lanesPerCluster) {
    return Math.min(steps, lanesPerCluster);
  }

  /** Slots after the last step until the last drain of this schedule. */
  public int usedTail() {
    int tail = 0;
    for (Cluster cluster : clusters) {
      for (int slot = 0; slot < steps; slot++) {
        if (cluster.drains().get(slot).previousPixel()) {
          tail = Math.max(tail, slot + 1);
        }
      }
    }
    return tail;
  }

  /**
   * Cycles behind a pixel's last step that the next one leaves if it does not follow at once, so
   * that its first drain comes behind the last of this pixel; 0 if it has no need to wait.
   */
  public int pause() {
    int pause = tail() - firstDrain();
    // One cycle passes anyway.
    return pause > 1 ? pause : 0;
  }

  /**
   * Slot of a pixel's first drain; {@link #steps} if all come after its last step. If the schedule
   * is loaded, the first that there may be.
   */
  public int firstDrain() {
    if (loadsSchedule()) {
      return 0;
    }
    for (int slot = 0; slot < steps; slot++) {
      for (Cluster cluster : clusters) {
        Drain drain = cluster.drains().get(slot);
        if (!drain.idle() && !drain.previousPixel()) {
          return slot;
        }
      }
    }
    return steps;
  }

  /**
   * Slot of the pixel's last completing drain, counted from the pixel's first step. If the schedule
   * is loaded, the last that there may be.
   */
  public int lastDrain() {
    if (loadsSchedule()) {
      return steps + tail() - 1;
    }
    int latest = -1;
    for (Cluster cluster : clusters) {
      for (int slot = 0; slot < steps; slot++) {
        Drain drain = cluster.drains().get(slot);
        if (drain.last()) {
          latest = Math.max(latest, slot + (drain.previousPixel() ? steps : 0));
        }
      }
    }
    return latest;
  }

  /** All lanes. */
  public int lanes() {
    return clusters.stream().mapToInt(c -> c.lanes().size()).sum();
  }

  /** Steps that are not idle, over all lanes: the useful products of a pixel. */
  public long usefulSteps() {
    return clusters.stream()
        .flatMap(c -> c.lanes().stream())
        .flatMap(l -> l.steps().stream())
        .filter(s -> !s.isIdle())
        .count();
  }
}
