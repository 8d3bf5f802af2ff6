// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.MatrixCode;
import dev.etch.hardware.MatrixProgram.Lane;
import dev.etch.hardware.arithmetic.Bits;
import dev.etch.lower.LaneLayout;
import dev.etch.lower.MacProblem;
import dev.etch.lower.MacProblem.Term;
import dev.etch.lower.WindowLayer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The words of a matrix unit's lanes before there is a schedule: those of one lane that has all
 * outputs. With several lanes, each has some of the outputs, so as dense a matrix, and its
 * distances are distributed alike.
 */
final class MatrixWords {
  /** Farthest distance that has no step of its own, in those of evenly spread weights. */
  private static final int FAR = 4;

  /** Lanes that have a table of symbols each, where the code is chosen. */
  private static final int LANES = 8;

  private MatrixWords() {}

  /** What a code of them is like. */
  static MatrixCode.Traits code(WindowLayer layer) {
    long[] positions = positions(layer);
    long places = (long) layer.frame().elements() * layer.outputs().size();
    long mean = places / Math.max(1, positions.length);
    int distanceBits = Bits.choosing((int) (FAR * mean) + 2);
    return MatrixCode.traits(words(positions, distanceBits), distanceBits, LANES);
  }

  /** Places of the weights in order, and below each its weight. */
  private static long[] positions(WindowLayer layer) {
    MacProblem problem = layer.problem(LaneLayout.SINGLE, 1);
    int outputs = layer.outputs().size();
    long[] positions = new long[(int) layer.taps()];
    int at = 0;
    for (int output = 0; output < outputs; output++) {
      for (Term term : problem.terms(0, output)) {
        long place = (long) term.address() * outputs + output;
        positions[at++] = place << Integer.SIZE | Integer.toUnsignedLong(term.weight());
      }
    }
    Arrays.sort(positions);
    return positions;
  }

  private static Lane words(long[] positions, int distanceBits) {
    List<Integer> distances = new ArrayList<>();
    List<Integer> weights = new ArrayList<>();
    long farthest = (1L << distanceBits) - 1;
    long before = 0;
    for (long position : positions) {
      long distance = (position >> Integer.SIZE) - before;
      for (; distance > farthest; distance -= farthest) {
        distances.add((int) farthest);
        weights.add(0);
      }
      distances.add((int) distance);
      weights.add((int) position);
      before = position >> Integer.SIZE;
    }
    // What a lane does while others are still busy
    distances.add(0);
    weights.add(0);
    return new Lane(distances, weights);
  }
}
