// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.schedule.Partition.Group;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Divides the multiplying layers among arrays. A layer that needs about a whole number of lanes
 * keeps them to itself; those that would leave much of theirs unused share one array. All numbers
 * of layers alone are tried, in the order of what they waste. {@link #divided} has several shared
 * arrays.
 */
final class ArraySearch {
  /**
   * What a lane costs, in multipliers, for each layer that shares it: its part of the selection.
   */
  private static final double CONNECTION_COST = 0.15;

  private final List<ArrayMember> members;
  private final List<Pinned> pinned;
  private final Division division;

  /** How the members that are not pinned are divided. */
  private enum Division {
    /** Each has lanes of its own. */
    ALONE,
    /** Some have lanes of their own, the others share one array. */
    ONE_ARRAY,
    /** Neighbours share, see {@link NeighbourArrays}. */
    NEIGHBOURS
  }

  /** An array that the user asks for; it is as large as it needs to be if no lanes are given. */
  record Pinned(List<ArrayMember> members, Optional<Integer> lanes) {}

  /** What makes a partition better than another. */
  enum Aim {
    /** As few multipliers as possible. */
    FEWEST_MULTIPLIERS(
        Comparator.comparingLong(Partition::multipliers).thenComparingLong(Partition::connections)),
    /** As little sharing as possible. */
    LEAST_SHARING(
        Comparator.comparingLong(Partition::connections).thenComparingLong(Partition::multipliers)),
    /** Both cost. */
    CHEAPEST(Comparator.comparingDouble(p -> p.multipliers() + CONNECTION_COST * p.connections()));

    private final Comparator<Partition> order;

    Aim(Comparator<Partition> order) {
      this.order = order;
    }
  }

  /**
   * A search.
   *
   * @param members layers that may be alone or share, in the order of the data flow
   * @param pinned arrays whose members are given
   */
  ArraySearch(List<ArrayMember> members, List<Pinned> pinned) {
    this(members, pinned, Division.ONE_ARRAY);
  }

  private ArraySearch(List<ArrayMember> members, List<Pinned> pinned, Division division) {
    this.members = List.copyOf(members);
    this.pinned = List.copyOf(pinned);
    this.division = division;
  }

  /** The search in which no layers share but those that the user names. */
  ArraySearch alone() {
    return new ArraySearch(members, pinned, Division.ALONE);
  }

  /**
   * The search in which all layers that may share do: no array ever waits for the work of another
   * one. Empty if there are fewer than two.
   */
  Optional<ArraySearch> together() {
    if (members.size() < 2) {
      return Optional.empty();
    }
    List<Pinned> arrays = new ArrayList<>(pinned);
    arrays.add(new Pinned(members, Optional.empty()));
    return Optional.of(new ArraySearch(List.of(), arrays));
  }

  /**
   * The search in which neighbours share several arrays: fewer lanes for each layer, and so less
   * area, for hardly more cycles.
   */
  ArraySearch divided() {
    return new ArraySearch(members, pinned, Division.NEIGHBOURS);
  }

  /** The best partition of at most {@code most} lanes whose arrays all keep up; empty if none. */
  Optional<Partition> best(long cycles, int most, Aim aim) {
    List<Group> given = new ArrayList<>();
    int room = most;
    for (Pinned array : pinned) {
      Group group = Group.smallest(array.members(), cycles, array.lanes().orElse(most));
      if (group == null) {
        return Optional.empty();
      }
      given.add(new Group(group.members(), array.lanes().orElse(group.multipliers())));
      room -= given.get(given.size() - 1).multipliers();
    }
    int left = room;
    return candidates(cycles, left).stream()
        .filter(partition -> partition.multipliers() <= left)
        .min(aim.order)
        .map(partition -> partition.and(given));
  }

  /** The first of equals is the one that is tried first. */
  private List<Partition> candidates(long cycles, int most) {
    if (division == Division.NEIGHBOURS) {
      return NeighbourArrays.divide(members, cycles, most).stream().toList();
    }
    Map<ArrayMember, Group> alone = new LinkedHashMap<>();
    for (ArrayMember member : members) {
      Group group = Group.smallest(List.of(member), cycles, most);
      if (group != null) {
        alone.put(member, group);
      }
    }
    List<ArrayMember> byWaste = new ArrayList<>(alone.keySet());
    byWaste.sort(Comparator.comparingDouble(m -> waste(m, alone.get(m).multipliers(), cycles)));
    List<Partition> candidates = new ArrayList<>();
    // Of no members too: then all is pinned.
    if (alone.size() == members.size()) {
      candidates.add(new Partition(List.copyOf(alone.values())));
    }
    List<ArrayMember> rest = new ArrayList<>(division == Division.ONE_ARRAY ? members : List.of());
    List<Group> groups = new ArrayList<>();
    for (int i = 0; rest.size() > 1 && most > 0; i++) {
      Group shared = Group.smallest(rest, cycles, most);
      if (shared != null) {
        candidates.add(new Partition(groups).and(List.of(shared)));
      }
      if (i == byWaste.size()) {
        break;
      }
      groups.add(alone.get(byWaste.get(i)));
      rest.remove(byWaste.get(i));
    }
    return candidates;
  }

  /** Lanes that would do nothing for the frame. */
  private static double waste(ArrayMember member, int lanes, long cycles) {
    return lanes - (double) member.products() / cycles;
  }
}
