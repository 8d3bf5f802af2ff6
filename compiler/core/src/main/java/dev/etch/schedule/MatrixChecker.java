// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.hardware.MatrixProgram;
import dev.etch.hardware.MatrixProgram.Lane;
import dev.etch.hardware.MatrixProgram.Place;
import dev.etch.lower.FrameBeats;
import dev.etch.lower.MacProblem;
import dev.etch.lower.MacProblem.Term;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Proves that the schedule of a matrix computes what it should, independently of how it was made:
 * plays each lane as the hardware does, with the element that stands at a place of its window, and
 * the sum that is replaced by a row's first product.
 */
final class MatrixChecker {
  private static final int NOTHING = -1;

  private final MatrixProgram program;

  /** Elements of a beat. */
  private final int beatElements;

  private MatrixChecker(MatrixProgram program, int beatElements) {
    this.program = program;
    this.beatElements = beatElements;
  }

  /**
   * Checks {@code program}.
   *
   * @param frame how it arrives
   * @throws CompilerBug if it does not compute {@code problem}
   */
  static void check(MacProblem problem, FrameBeats frame, MatrixProgram program) {
    demand(program.outputs().size() == problem.clusters(), "number of clusters");
    demand(program.beats() == frame.beats(), "beats of a frame");
    demand(program.outputsPerCluster() == problem.outputsPerCluster(), "outputs of a cluster");
    MatrixChecker checker = new MatrixChecker(program, frame.each());
    for (int cluster = 0; cluster < problem.clusters(); cluster++) {
      List<List<List<Term>>> lanes = new ArrayList<>();
      int first = cluster * program.lanesPerCluster();
      for (Lane lane : program.lanes().subList(first, first + program.lanesPerCluster())) {
        lanes.add(checker.play(lane));
      }
      for (int output = 0; output < problem.outputsPerCluster(); output++) {
        Place place = program.outputs().get(cluster).get(output);
        List<List<Term>> sums = lanes.get(place.lane());
        List<Term> made = place.row() < sums.size() ? sums.get(place.row()) : List.of();
        List<Term> wanted = new ArrayList<>(problem.terms(cluster, output));
        Collections.sort(wanted);
        demand(made.equals(wanted), "an output has wrong terms");
      }
    }
  }

  private static void demand(boolean condition, String what) {
    if (!condition) {
      throw new CompilerBug("wrong schedule of a matrix: " + what);
    }
  }

  /** The terms of each row that has some, in the order of the rows. */
  private List<List<Term>> play(Lane lane) {
    int[] elements = new int[program.window() * beatElements];
    int[] usedIn = new int[program.window()];
    Arrays.fill(elements, NOTHING);
    Arrays.fill(usedIn, -MatrixProgram.STEPS_OF_A_BEAT);
    List<List<Term>> sums = new ArrayList<>();
    int fed = 0;
    int position = 0;
    for (int step = 0; step < program.steps(); step++) {
      if (fed < program.beats() && program.feeds().get(fed) == step) {
        int word = fed % program.window();
        demand(
            step >= usedIn[word] + MatrixProgram.STEPS_OF_A_BEAT,
            "a beat is replaced while it is read");
        for (int i = 0; i < beatElements; i++) {
          elements[word * beatElements + i] = fed * beatElements + i;
        }
        fed++;
      }
      int distance = lane.distances().get(step);
      demand(distance >= 0 && distance < 1 << program.distanceBits(), "a distance is too far");
      position += distance;
      int weight = lane.weights().get(step);
      if (weight != 0 || program.rotation().isPresent()) {
        int row = position % program.rows();
        int place = position / program.rows() % elements.length;
        demand(elements[place] != NOTHING, "an element is not there yet");
        usedIn[place / beatElements] = step;
        if (row == sums.size()) {
          sums.add(new ArrayList<>());
        } else {
          demand(row < sums.size(), "rows are not in the order of their first products");
        }
        if (weight != 0) {
          sums.get(row).add(new Term(elements[place], 0, weight));
        }
      }
    }
    demand(fed == program.beats(), "a beat is not fed");
    return sums;
  }
}
