// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import dev.etch.hardware.Program.Cluster;
import dev.etch.hardware.Program.Lane;
import dev.etch.hardware.Program.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongUnaryOperator;
import java.util.function.ToLongFunction;

/**
 * What the lanes of a program can share. Lanes are numbered cluster after cluster.
 *
 * <p>Greedy, in the order of the lanes: each lane joins the first feed, and each feed the first
 * port, that it does not contradict. Idle steps contradict nothing.
 */
public final class LaneSharing {
  /** Stands for "reads nothing". */
  private static final long NOTHING = -1;

  private LaneSharing() {}

  /**
   * Lanes that read the same elements at the same time, wherever both read at all: they share an
   * operand.
   *
   * @param lanes numbers of the lanes, ascending
   * @param elements element of the beat that each step reads; an idle step repeats the one before
   */
  public record Feed(List<Integer> lanes, List<Integer> elements) {
    public Feed {
      lanes = List.copyOf(lanes);
      elements = List.copyOf(elements);
    }
  }

  /**
   * A copy of the window's memory with one address sequence.
   *
   * @param feeds that read here, at least one
   * @param addresses beat that each step reads, from the window's origin; an idle step repeats the
   *     one before
   * @param elements of a beat that anyone reads here, ascending; only these are stored. Never
   *     empty: lanes that only idle (all weights are zero) still have an operand
   */
  public record Port(List<Feed> feeds, List<Integer> addresses, List<Integer> elements) {
    public Port {
      feeds = List.copyOf(feeds);
      addresses = List.copyOf(addresses);
      elements = List.copyOf(elements);
    }
  }

  /** The memory ports of a program. */
  public static List<Port> ports(Program program) {
    List<Group> feeds =
        join(lanes(program).stream().map(l -> sequence(l, LaneSharing::place)).toList());
    List<Group> ports =
        join(
            feeds.stream()
                .map(f -> f.map(place -> place == NOTHING ? NOTHING : place >> 32))
                .toList());
    return ports.stream().map(p -> port(p, feeds)).toList();
  }

  /**
   * Multipliers that a program takes if each makes up to {@code products} products of one operand;
   * 0 if none makes any.
   */
  public static int multipliers(Program program, int products) {
    if (products <= 1) {
      return products * program.lanes();
    }
    return join(lanes(program).stream().map(l -> sequence(l, LaneSharing::place)).toList()).stream()
        .mapToInt(feed -> (feed.members.size() + products - 1) / products)
        .sum();
  }

  private static List<Lane> lanes(Program program) {
    return program.clusters().stream().map(Cluster::lanes).flatMap(List::stream).toList();
  }

  private static long place(Step step) {
    return step.isIdle() ? NOTHING : (long) step.address() << 32 | step.element();
  }

  private static long[] sequence(Lane lane, ToLongFunction<Step> read) {
    return lane.steps().stream().mapToLong(read).toArray();
  }

  private static Port port(Group group, List<Group> feeds) {
    List<Group> members = group.members.stream().map(feeds::get).toList();
    List<Integer> read =
        members.stream()
            .flatMap(f -> Arrays.stream(f.sequence).boxed())
            .filter(place -> place != NOTHING)
            .map(Long::intValue)
            .distinct()
            .sorted()
            .toList();
    return new Port(
        members.stream().map(f -> new Feed(f.members, f.filled())).toList(),
        group.filled(),
        read.isEmpty() ? List.of(0) : read);
  }

  private static List<Group> join(List<long[]> sequences) {
    List<Group> groups = new ArrayList<>();
    for (int number = 0; number < sequences.size(); number++) {
      long[] sequence = sequences.get(number);
      Group home = groups.stream().filter(g -> g.agrees(sequence)).findFirst().orElse(null);
      if (home == null) {
        home = new Group(sequence.clone());
        groups.add(home);
      }
      home.add(number, sequence);
    }
    return groups;
  }

  /** Numbered sequences that do not contradict each other, merged. */
  private static final class Group {
    private final List<Integer> members = new ArrayList<>();
    private final long[] sequence;

    Group(long[] sequence) {
      this.sequence = sequence;
    }

    boolean agrees(long[] other) {
      for (int i = 0; i < sequence.length; i++) {
        if (sequence[i] != NOTHING && other[i] != NOTHING && sequence[i] != other[i]) {
          return false;
        }
      }
      return true;
    }

    void add(int number, long[] other) {
      members.add(number);
      for (int i = 0; i < sequence.length; i++) {
        sequence[i] = sequence[i] == NOTHING ? other[i] : sequence[i];
      }
    }

    long[] map(LongUnaryOperator operator) {
      return Arrays.stream(sequence).map(operator).toArray();
    }

    /** The low words; gaps take the value before, the first ones the first value. */
    List<Integer> filled() {
      long last = Arrays.stream(sequence).filter(v -> v != NOTHING).findFirst().orElse(0);
      List<Integer> filled = new ArrayList<>();
      for (long value : sequence) {
        last = value == NOTHING ? last : value;
        filled.add((int) last);
      }
      return filled;
    }
  }
}
