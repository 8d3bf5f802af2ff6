// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.lower.MacProblem;
import dev.etch.lower.MacProblem.Copies;
import dev.etch.lower.MacProblem.Term;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The terms of outputs that follow one address sequence: a group reads the same elements, the union
 * of its places, with a weight for each lane (0 where an output lacks the place); a copy reads a
 * distance further on, with the same weights.
 *
 * @param lanes what each lane of a port makes, copy by copy
 * @param places ascending, those of the first copy; see {@link Term#place()}
 */
record SharedList(List<Member> lanes, long[] places) {

  /**
   * What a lane makes.
   *
   * @param output of the cluster; {@link #NOTHING} if the last group has fewer than lanes
   * @param distance beats behind the addresses of the first copy
   * @param weights one a place
   */
  record Member(int output, int distance, int[] weights) {
    private static final int NOTHING = -1;

    /** Whether the lane makes something. */
    boolean isUsed() {
      return output != NOTHING;
    }
  }

  /** All lists of a cluster, in order. */
  static List<SharedList> of(MacProblem problem, int cluster) {
    Copies copies = problem.copies();
    int ofPixel = problem.outputsPerCluster() / (copies.count() > 1 ? copies.pixels() : 1);
    int runs = copies.count() > 1 ? copies.pixels() / copies.count() : 1;
    List<SharedList> lists = new ArrayList<>();
    for (int run = 0; run < runs; run++) {
      int firstOfRun = run * copies.count() * ofPixel;
      for (int first = 0; first < ofPixel; first += problem.group()) {
        int members = Math.min(problem.group(), ofPixel - first);
        lists.add(list(problem, cluster, firstOfRun + first, members, ofPixel));
      }
    }
    return lists;
  }

  private static SharedList list(
      MacProblem problem, int cluster, int first, int members, int ofPixel) {
    long[] places = union(problem, cluster, first, members);
    List<int[]> weights = new ArrayList<>();
    for (int m = 0; m < members; m++) {
      weights.add(weights(problem.terms(cluster, first + m), places));
    }
    weights.addAll(Collections.nCopies(problem.group() - members, new int[places.length]));
    List<Member> lanes = new ArrayList<>();
    for (int copy = 0; copy < problem.copies().count(); copy++) {
      for (int m = 0; m < problem.group(); m++) {
        int output = m < members ? first + m + copy * ofPixel : Member.NOTHING;
        lanes.add(new Member(output, copy * problem.copies().distance(), weights.get(m)));
      }
    }
    return new SharedList(List.copyOf(lanes), places);
  }

  private static long[] union(MacProblem problem, int cluster, int first, int members) {
    int firstCluster = problem.shared() ? 0 : cluster;
    int endCluster = problem.shared() ? problem.clusters() : cluster + 1;
    LongStream.Builder all = LongStream.builder();
    for (int c = firstCluster; c < endCluster; c++) {
      for (int m = 0; m < members; m++) {
        problem.terms(c, first + m).forEach(t -> all.add(t.place()));
      }
    }
    return all.build().sorted().distinct().toArray();
  }

  private static int[] weights(List<Term> terms, long[] places) {
    int[] weights = new int[places.length];
    for (Term term : terms) {
      weights[Arrays.binarySearch(places, term.place())] = term.weight();
    }
    return weights;
  }

  boolean isEmpty() {
    return places.length == 0;
  }

  /**
   * Steps that the list takes: the results of its lanes leave one by one, so a shorter list is
   * stretched.
   */
  int length() {
    return isEmpty() ? 0 : Math.max(places.length, lanes.size());
  }
}
