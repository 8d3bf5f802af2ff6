// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.lower.Folding;
import dev.etch.lower.SharedLayers;
import dev.etch.lower.Stage;
import dev.etch.schedule.ArrayDivision.Group;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Divides the multiplying layers among arrays. With {@link Sharing#ONE_ARRAY} a layer that needs
 * about a whole number of lanes keeps them to itself; those that would leave much of theirs unused
 * share one array. All numbers of layers alone are tried, in the order of what they waste.
 */
final class ArraySearch {
  /**
   * What a lane costs, in multipliers, for each layer that shares it: its part of the selection.
   */
  private static final double CONNECTION_COST = 0.15;

  /** Layers that may be alone or share, in the order of the data flow. */
  private final List<ArrayMember> members = new ArrayList<>();

  /** Arrays whose members are given. */
  private final List<Pinned> pinned = new ArrayList<>();

  private final Sharing sharing;

  /** An array that has to be; it is as large as it needs to be if no lanes are given. */
  private record Pinned(List<ArrayMember> members, Optional<Integer> lanes) {}

  /** What makes a division better than another. */
  enum Aim {
    /** As few multipliers as possible. */
    FEWEST_MULTIPLIERS(
        Comparator.comparingLong(ArrayDivision::multipliers)
            .thenComparingLong(ArrayDivision::connections)),
    /** As little sharing as possible. */
    LEAST_SHARING(
        Comparator.comparingLong(ArrayDivision::connections)
            .thenComparingLong(ArrayDivision::multipliers)),
    /** Both cost. */
    CHEAPEST(Comparator.comparingDouble(p -> p.multipliers() + CONNECTION_COST * p.connections()));

    private final Comparator<ArrayDivision> order;

    Aim(Comparator<ArrayDivision> order) {
      this.order = order;
    }
  }

  /** Layers with given foldings and no given array have their multipliers to themselves. */
  ArraySearch(SearchSpace space, Sharing sharing) {
    this.sharing = sharing;
    Set<String> given = new HashSet<>(space.constraints().layers().keySet());
    List<ArrayMember> all = space.multiplying().stream().map(s -> member(space, s)).toList();
    for (SharedLayers array : space.constraints().arrays()) {
      List<ArrayMember> inOrder =
          all.stream().filter(m -> array.layers().contains(m.layer())).toList();
      pinned.add(new Pinned(inOrder, array.multipliers()));
      given.addAll(array.layers());
    }
    all.stream().filter(m -> !given.contains(m.layer())).forEach(members::add);
    if (sharing == Sharing.TOGETHER && members.size() > 1) {
      pinned.add(new Pinned(List.copyOf(members), Optional.empty()));
      members.clear();
    }
  }

  private static ArrayMember member(SearchSpace space, Stage.OfWindow stage) {
    Folding given = space.constraints().layers().get(stage.layer());
    return given == null
        ? new ArrayMember.Free(stage.layer(), space.layers().get(stage.layer()))
        : space.fixed(stage, given);
  }

  /**
   * The best division of at most {@code most} lanes whose arrays all keep up; empty if none. Where
   * no layers share but those that the user names, lanes are left to the choice of layouts.
   */
  Optional<ArrayDivision> best(long cycles, int most, Aim aim) {
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
        .filter(division -> division.multipliers() <= left)
        .min(aim.order)
        .map(division -> division.and(given));
  }

  /** The first of equals is the one that is tried first. */
  private List<ArrayDivision> candidates(long cycles, int most) {
    return switch (sharing) {
      case ALONE -> List.of(alone());
      case NEIGHBOURS -> NeighbourArrays.divide(members, cycles, most).stream().toList();
      default -> oneArray(cycles, most);
    };
  }

  private ArrayDivision alone() {
    return new ArrayDivision(members.stream().map(m -> new Group(List.of(m), 0)).toList());
  }

  private List<ArrayDivision> oneArray(long cycles, int most) {
    Map<ArrayMember, Group> alone = new LinkedHashMap<>();
    for (ArrayMember member : members) {
      Group group = Group.smallest(List.of(member), cycles, most);
      if (group != null) {
        alone.put(member, group);
      }
    }
    List<ArrayMember> byWaste = new ArrayList<>(alone.keySet());
    byWaste.sort(Comparator.comparingDouble(m -> waste(m, alone.get(m).multipliers(), cycles)));
    List<ArrayDivision> candidates = new ArrayList<>();
    // Of no members too: then all is pinned.
    if (alone.size() == members.size()) {
      candidates.add(new ArrayDivision(List.copyOf(alone.values())));
    }
    List<ArrayMember> rest = new ArrayList<>(members);
    List<Group> groups = new ArrayList<>();
    for (int i = 0; rest.size() > 1 && most > 0; i++) {
      Group shared = Group.smallest(rest, cycles, most);
      if (shared != null) {
        candidates.add(new ArrayDivision(groups).and(List.of(shared)));
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
