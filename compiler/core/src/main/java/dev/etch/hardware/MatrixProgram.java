// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The static schedule of a {@link MatrixUnit}: what each lane does in each step of a frame, with
 * the places of nonzero weights as distances. Source of the form: Han et al., EIE, 2016, where a
 * processing element keeps the weights of its rows column by column, each with the number of zeros
 * in front of it.
 *
 * <p>A lane's weights stand in the order of their positions. Position {@code element * rows + row}
 * is the weight between an element of the frame and one of the lane's sums; its rows are numbered
 * in the order in which a frame first adds to them.
 *
 * @param steps of a frame
 * @param feeds for each beat of a frame the step in which it enters the window, ascending; the
 *     first is 0
 * @param window the latest beats that lanes can reach, a power of two
 * @param rows sums of a lane, a power of two
 * @param distanceBits of a distance
 * @param lanes cluster by cluster, as many in each
 * @param outputs for each cluster, which makes every {@code outputs.size()}-th output, where these
 *     are
 * @param room for other weights, if the host loads the lanes' words; then the second beat enters in
 *     step 1, whatever is loaded
 * @param rotation if its weights are those of circulant blocks, and each step adds to a row,
 *     whatever its weight
 */
public record MatrixProgram(
    int steps,
    List<Integer> feeds,
    int window,
    int rows,
    int distanceBits,
    List<Lane> lanes,
    List<List<Place>> outputs,
    Optional<MatrixRoom> room,
    Optional<MatrixRotation> rotation) {
  /** Steps from the last that reads a beat to the first that may feed another to its place. */
  public static final int STEPS_OF_A_BEAT = 2;

  public MatrixProgram {
    Objects.requireNonNull(room);
    Objects.requireNonNull(rotation);
    feeds = List.copyOf(feeds);
    lanes = List.copyOf(lanes);
    outputs = outputs.stream().map(List::copyOf).toList();
    for (int beat = 0; beat < feeds.size(); beat++) {
      int before = beat == 0 ? -1 : feeds.get(beat - 1);
      int step = feeds.get(beat);
      if (beat == 0 ? step != 0 : step <= before || step >= steps) {
        throw new IllegalArgumentException("beat " + beat + " in step " + step);
      }
    }
    if (Integer.bitCount(window) != 1 || Integer.bitCount(rows) != 1) {
      throw new IllegalArgumentException("window and rows are powers of two");
    }
    if (outputs.isEmpty() || lanes.isEmpty() || lanes.size() % outputs.size() != 0) {
      throw new IllegalArgumentException("as many lanes in each cluster");
    }
    for (Lane lane : lanes) {
      if (lane.distances.size() != steps || lane.weights.size() != steps) {
        throw new IllegalArgumentException("a lane has one entry a step");
      }
    }
    if (rotation.isPresent()) {
      requireRotation(rotation.get(), lanes, rows);
    }
    if (room.isPresent()) {
      requireRoom(room.get(), steps, distanceBits);
      if (feeds.size() > 1 && feeds.get(1) != 1) {
        throw new IllegalArgumentException("the second beat in step " + feeds.get(1));
      }
    }
  }

  private static void requireRotation(MatrixRotation rotation, List<Lane> lanes, int rows) {
    for (Lane lane : lanes) {
      for (int step = 0; step < lane.distances.size(); step++) {
        if (lane.distances.get(step) != rotation.distance(step, rows)) {
          throw new IllegalArgumentException("a distance in step " + step);
        }
      }
    }
  }

  /** One without room for other weights, whose steps with weight 0 only move on. */
  public MatrixProgram(
      int steps,
      List<Integer> feeds,
      int window,
      int rows,
      int distanceBits,
      List<Lane> lanes,
      List<List<Place>> outputs) {
    this(
        steps,
        feeds,
        window,
        rows,
        distanceBits,
        lanes,
        outputs,
        Optional.empty(),
        Optional.empty());
  }

  private static void requireRoom(MatrixRoom room, int steps, int distanceBits) {
    if (room.steps() != steps || room.form().distanceBits() != distanceBits) {
      throw new IllegalArgumentException(
          steps + " steps and distances of " + distanceBits + " bits, and not those of " + room);
    }
  }

  /**
   * The same with idle steps behind the last.
   *
   * @param more at least as many as there are
   */
  public MatrixProgram inSteps(int more) {
    List<Integer> idle = Collections.nCopies(more - steps, 0);
    List<Lane> longer =
        lanes.stream()
            .map(lane -> new Lane(joined(lane.distances, idle), joined(lane.weights, idle)))
            .toList();
    return new MatrixProgram(
        more, feeds, window, rows, distanceBits, longer, outputs, room, Optional.empty());
  }

  private static List<Integer> joined(List<Integer> first, List<Integer> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  /** The same without room for other weights. */
  public MatrixProgram withoutRoom() {
    return new MatrixProgram(
        steps, feeds, window, rows, distanceBits, lanes, outputs, Optional.empty(), rotation);
  }

  /** The same with room for other weights. */
  public MatrixProgram withRoom(MatrixRoom other) {
    return new MatrixProgram(
        steps, feeds, window, rows, distanceBits, lanes, outputs, Optional.of(other), rotation);
  }

  /**
   * What a lane does in each step.
   *
   * @param distances from the position before, from 0 to {@code 2^distanceBits - 1}
   * @param weights factors; 0 where the lane only moves on
   */
  public record Lane(List<Integer> distances, List<Integer> weights) {
    public Lane {
      distances = List.copyOf(distances);
      weights = List.copyOf(weights);
    }
  }

  /**
   * Where an output's sum is.
   *
   * @param lane of the cluster
   * @param row of the lane; one that no weight of the lane adds to stands for the sum 0
   */
  public record Place(int lane, int row) {}

  /** Beats of a frame. */
  public int beats() {
    return feeds.size();
  }

  /** Lanes of each cluster. */
  public int lanesPerCluster() {
    return lanes.size() / outputs.size();
  }

  /** Outputs that each cluster makes. */
  public int outputsPerCluster() {
    return outputs.get(0).size();
  }

  /** Products with a weight other than 0. */
  public long products() {
    return lanes.stream()
        .mapToLong(lane -> lane.weights.stream().filter(weight -> weight != 0).count())
        .sum();
  }
}
