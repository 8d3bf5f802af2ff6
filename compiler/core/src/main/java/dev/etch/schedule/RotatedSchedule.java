// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.MatrixProgram;
import dev.etch.hardware.MatrixProgram.Lane;
import dev.etch.hardware.MatrixProgram.Place;
import dev.etch.hardware.MatrixRotation;
import dev.etch.hardware.arithmetic.Bits;
import dev.etch.lower.FrameBeats;
import dev.etch.lower.MacProblem;
import dev.etch.lower.MacProblem.Term;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The schedule of a block-circulant matrix, as {@link MatrixRotation} says. */
final class RotatedSchedule {
  private final MacProblem problem;
  private final FrameBeats frame;
  private final MatrixRotation rotation;
  private final int groups;
  private final int places;

  private RotatedSchedule(MacProblem problem, FrameBeats frame, int size) {
    this.problem = problem;
    this.frame = frame;
    this.groups = problem.clusters() * problem.portsPerCluster() / size;
    int blockRows = (problem.outputs().size() + size - 1) / size;
    this.rotation = new MatrixRotation(size, (blockRows + groups - 1) / groups);
    this.places = 1 << Bits.choosing(rotation.rows());
  }

  /**
   * A schedule, checked by {@link MatrixChecker}.
   *
   * @param problem of one pixel; the addresses of its terms are elements of the frame
   * @param frame how it arrives
   * @param size rows and columns of the blocks that the matrix consists of
   */
  static MatrixProgram program(MacProblem problem, FrameBeats frame, int size) {
    MatrixProgram program = new RotatedSchedule(problem, frame, size).program();
    MatrixChecker.check(problem, frame, program);
    return program;
  }

  private MatrixProgram program() {
    int steps = Math.multiplyExact(frame.elements(), rotation.rows());
    List<Integer> feeds = new ArrayList<>();
    for (int beat = 0; beat < frame.beats(); beat++) {
      feeds.add(beat * frame.each() * rotation.rows());
    }
    List<Integer> distances = new ArrayList<>();
    for (int step = 0; step < steps; step++) {
      distances.add(rotation.distance(step, places));
    }
    int farthest = rotation.rows() == 1 ? 1 : 1 + places - rotation.rows();
    return new MatrixProgram(
        steps,
        feeds,
        frame.window(),
        places,
        Bits.choosing(farthest + 1),
        lanes(steps, distances),
        outputs(),
        Optional.empty(),
        Optional.of(rotation));
  }

  private List<Lane> lanes(int steps, List<Integer> distances) {
    int[][] diagonals = diagonals();
    List<Lane> lanes = new ArrayList<>();
    int perCluster = problem.portsPerCluster();
    for (int lane = 0; lane < problem.clusters() * perCluster; lane++) {
      int group = rotation.group(lane, problem.clusters(), perCluster);
      int place = rotation.place(lane, problem.clusters(), perCluster);
      Integer[] weights = new Integer[steps];
      for (int step = 0; step < steps; step++) {
        int blockRow = step % rotation.rows() * groups + group;
        int diagonal = Math.floorMod(place - rotation.turn(step), rotation.size());
        int block = step / rotation.rows() / rotation.size();
        weights[step] =
            blockRow < diagonals.length
                ? diagonals[blockRow][block * rotation.size() + diagonal]
                : 0;
      }
      lanes.add(new Lane(distances, Arrays.asList(weights)));
    }
    return lanes;
  }

  /** For each row of blocks the weights of each block's diagonals, that of its corner first. */
  private int[][] diagonals() {
    int size = rotation.size();
    int across = (frame.elements() + size - 1) / size;
    int[][] diagonals = new int[(problem.outputs().size() + size - 1) / size][across * size];
    for (int output = 0; output < problem.outputs().size(); output++) {
      for (Term term : problem.outputs().get(output)) {
        int column = term.address();
        int diagonal = Math.floorMod(output - column, size);
        diagonals[output / size][column / size * size + diagonal] = term.weight();
      }
    }
    return diagonals;
  }

  /** Where each output is: neighbouring ones in the lanes of a group, in the same row. */
  private List<List<Place>> outputs() {
    int ofGroup = rotation.size() / problem.clusters();
    List<List<Place>> outputs = new ArrayList<>();
    for (int cluster = 0; cluster < problem.clusters(); cluster++) {
      List<Place> ofCluster = new ArrayList<>();
      for (int i = 0; i < problem.outputsPerCluster(); i++) {
        int output = i * problem.clusters() + cluster;
        int blockRow = output / rotation.size();
        int lane = blockRow % groups * ofGroup + output % rotation.size() / problem.clusters();
        ofCluster.add(new Place(lane, blockRow / groups));
      }
      outputs.add(ofCluster);
    }
    return outputs;
  }
}
