// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.schedule.ArrayDivision.Group;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Divides layers among arrays of neighbours in the data flow: the division with the fewest
 * connections whose arrays all keep up, by dynamic programming over where an array ends and how
 * many lanes the arrays up to there have. Neighbours work on the same frame at the same time, so
 * arrays hardly wait for each other.
 */
final class NeighbourArrays {
  /** Layers of an array at most: longer ones are never cheaper, and would take quadratic time. */
  private static final int MOST_LAYERS = 64;

  private static final long NEVER = Long.MAX_VALUE;

  private final List<ArrayMember> members;
  private final long cycles;
  private final int most;

  /** Cost of the first members with so many lanes. */
  private final long[][] costs;

  /** The last array of that division. */
  private final Group[][] last;

  private NeighbourArrays(List<ArrayMember> members, long cycles, int most) {
    this.members = members;
    this.cycles = cycles;
    this.most = most;
    this.costs = new long[members.size() + 1][most + 1];
    this.last = new Group[members.size() + 1][most + 1];
  }

  /**
   * The division with the fewest connections, and of those with the fewest lanes.
   *
   * @param members in the order of the data flow
   * @param cycles of a frame for which an array may be busy
   * @param most lanes of all arrays
   * @return empty if so many lanes are too few
   */
  static Optional<ArrayDivision> divide(List<ArrayMember> members, long cycles, int most) {
    return most < 0 ? Optional.empty() : new NeighbourArrays(members, cycles, most).divide();
  }

  private Optional<ArrayDivision> divide() {
    for (long[] row : costs) {
      Arrays.fill(row, NEVER);
    }
    costs[0][0] = 0;
    for (int end = 1; end <= members.size(); end++) {
      for (int start = end - 1; start >= Math.max(0, end - MOST_LAYERS); start--) {
        Group group = Group.smallest(members.subList(start, end), cycles, most);
        if (group == null) {
          // With more members it is busy for even longer.
          break;
        }
        append(start, end, group);
      }
    }
    return cheapest();
  }

  private void append(int start, int end, Group group) {
    int lanes = group.multipliers();
    long cost = lanes + (long) (most + 1) * new ArrayDivision(List.of(group)).connections();
    for (int before = 0; before + lanes <= most; before++) {
      long sum = costs[start][before] == NEVER ? NEVER : costs[start][before] + cost;
      if (sum < costs[end][before + lanes]) {
        costs[end][before + lanes] = sum;
        last[end][before + lanes] = group;
      }
    }
  }

  private Optional<ArrayDivision> cheapest() {
    long[] complete = costs[members.size()];
    int lanes = 0;
    for (int i = 1; i <= most; i++) {
      lanes = complete[i] < complete[lanes] ? i : lanes;
    }
    return complete[lanes] == NEVER ? Optional.empty() : Optional.of(arrays(lanes));
  }

  private ArrayDivision arrays(int lanes) {
    List<Group> groups = new ArrayList<>();
    int left = lanes;
    for (int end = members.size(); end > 0; ) {
      Group group = last[end][left];
      groups.add(group);
      left -= group.multipliers();
      end -= group.members().size();
    }
    Collections.reverse(groups);
    return new ArrayDivision(groups);
  }
}
