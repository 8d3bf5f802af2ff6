// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import java.util.ArrayList;
import java.util.List;

/** The layers with multipliers, divided among arrays. */
record ArrayDivision(List<Group> groups) {
  ArrayDivision {
    groups = List.copyOf(groups);
  }

  /**
   * Layers that use the same multipliers in turn, one a lane; a single layer has them to itself,
   * and some of them may make several products.
   */
  record Group(List<ArrayMember> members, int multipliers) {
    Group {
      members = List.copyOf(members);
    }

    List<String> layers() {
      return members.stream().map(ArrayMember::layer).toList();
    }

    boolean isShared() {
      return members.size() > 1;
    }

    /** Cycles a frame for which the lanes are occupied; more than any number if that cannot be. */
    static long busy(List<ArrayMember> members, int lanes) {
      long sum = 0;
      for (ArrayMember member : members) {
        long busy = member.busy(lanes);
        if (busy == ArrayMember.NEVER) {
          return ArrayMember.NEVER;
        }
        sum += busy;
      }
      return sum;
    }

    /** The group with the fewest of at most {@code most} lanes that keeps up; null if none does. */
    static Group smallest(List<ArrayMember> members, long cycles, int most) {
      if (members.size() == 1) {
        int lanes = members.get(0).alone(cycles);
        return lanes <= most ? new Group(members, lanes) : null;
      }
      if (busy(members, most) > cycles) {
        return null;
      }
      int low = 1;
      int high = most;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (busy(members, middle) <= cycles) {
          high = middle;
        } else {
          low = middle + 1;
        }
      }
      return new Group(members, low);
    }
  }

  /** Multipliers of all groups. */
  long multipliers() {
    return groups.stream().mapToLong(Group::multipliers).sum();
  }

  /** Lanes that shared arrays have, counted once for each member: what sharing costs. */
  long connections() {
    return groups.stream()
        .filter(Group::isShared)
        .mapToLong(group -> (long) group.multipliers() * group.members().size())
        .sum();
  }

  /** A layer and those that share its multipliers. */
  List<String> sharers(String layer) {
    return groups.stream()
        .filter(Group::isShared)
        .map(Group::layers)
        .filter(layers -> layers.contains(layer))
        .findFirst()
        .orElse(List.of(layer));
  }

  ArrayDivision and(List<Group> others) {
    List<Group> all = new ArrayList<>(groups);
    all.addAll(others);
    return new ArrayDivision(all);
  }
}
