// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.lower.MacProblem;
import dev.etch.lower.MacProblem.Term;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The terms of a group of outputs that read one address sequence: the union of their places, with a
 * weight for each lane (0 where an output lacks the place).
 *
 * @param firstOutput first output of the group, counted within the cluster
 * @param members outputs of the group; the last group of a cluster may have fewer than lanes
 * @param shortest steps that a list that is not empty takes at least: the results of a group leave
 *     one by one, so a shorter list is stretched
 * @param places ascending, see {@link Term#place()}
 * @param weights one array a member, as long as {@code places}
 */
record SharedList(int firstOutput, int members, int shortest, long[] places, int[][] weights) {

  /** All groups of a cluster, in order. */
  static List<SharedList> of(MacProblem problem, int cluster) {
    List<SharedList> lists = new ArrayList<>();
    for (int first = 0; first < problem.outputsPerCluster(); first += problem.group()) {
      int members = Math.min(problem.group(), problem.outputsPerCluster() - first);
      lists.add(union(problem, cluster, first, members));
    }
    return lists;
  }

  private static SharedList union(MacProblem problem, int cluster, int first, int members) {
    int firstCluster = problem.shared() ? 0 : cluster;
    int endCluster = problem.shared() ? problem.clusters() : cluster + 1;
    LongStream.Builder all = LongStream.builder();
    for (int c = firstCluster; c < endCluster; c++) {
      for (int m = 0; m < members; m++) {
        problem.terms(c, first + m).forEach(t -> all.add(t.place()));
      }
    }
    long[] places = all.build().sorted().distinct().toArray();
    int[][] weights = new int[members][places.length];
    for (int m = 0; m < members; m++) {
      for (Term term : problem.terms(cluster, first + m)) {
        weights[m][Arrays.binarySearch(places, term.place())] = term.weight();
      }
    }
    return new SharedList(first, members, problem.group(), places, weights);
  }

  boolean isEmpty() {
    return places.length == 0;
  }

  /** Steps that the list takes. */
  int length() {
    return isEmpty() ? 0 : Math.max(places.length, shortest);
  }
}
