// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import dev.etch.hardware.Program.Cluster;
import dev.etch.hardware.Program.Lane;
import dev.etch.hardware.Program.Step;
import dev.etch.hardware.WindowBuffer.Banks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/**
 * What the lanes of a program can share. Lanes are numbered cluster after cluster.
 *
 * <p>Greedy, in the order of the lanes: each lane joins the first feed, and each feed the first
 * port, that it does not contradict. Idle steps contradict nothing. Where the schedule is loaded,
 * {@link LoadedWords.Sequences} says it instead.
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

  /**
   * The memory ports of a program.
   *
   * <p>With {@code banks}, lanes of the first of the pixels that are read at once are joined; the
   * ports behind each of theirs are those of the other pixels, with as many feeds.
   *
   * @throws IllegalArgumentException if lanes do not read as {@code banks} says
   */
  public static List<Port> ports(Program program, Banks banks) {
    List<Lane> all = lanes(program);
    if (program.loadsSchedule()) {
      return loadedPorts(program, all);
    }
    List<Integer> leaders = leaders(program, banks);
    List<Group> feeds = feeds(all, leaders);
    List<Group> ports = join(feeds.stream().map(f -> f.map(LaneSharing::address)).toList());
    List<Port> expanded = new ArrayList<>();
    for (Group group : ports) {
      Port leader = port(group, feeds, leaders);
      for (int copy = 0; copy < banks.count(); copy++) {
        Port port = copy == 0 ? leader : copy(leader, copy, banks);
        requireReads(port, all);
        expanded.add(port);
      }
    }
    return expanded;
  }

  /** Multipliers that a program takes. */
  public static int multipliers(Program program, Banks banks, Packing packing) {
    if (packing.products() <= 1) {
      return packing.products() * program.lanes();
    }
    if (packing.common() == Packing.Common.WEIGHT) {
      return ofEqualWeights(program).stream()
          .mapToInt(members -> packing.multipliers(members.size()))
          .sum();
    }
    if (program.loadsSchedule()) {
      return sequences(program).stream()
          .mapToInt(members -> packing.multipliers(members.size()))
          .sum();
    }
    return banks.count()
        * feeds(lanes(program), leaders(program, banks)).stream()
            .mapToInt(feed -> packing.multipliers(feed.members.size()))
            .sum();
  }

  /** The packing with which a program takes the fewest multipliers; the first of several. */
  public static Packing best(Program program, Banks banks, List<Packing> packings) {
    return packings.stream()
        .min(Comparator.comparingInt(packing -> multipliers(program, banks, packing)))
        .orElseThrow();
  }

  /** Lanes that have the same weight in every step, in the order of their first. */
  static Collection<List<Integer>> ofEqualWeights(Program program) {
    List<Lane> all = lanes(program);
    Map<List<Integer>, List<Integer>> members = new LinkedHashMap<>();
    for (int lane = 0; lane < all.size(); lane++) {
      List<Integer> weights = all.get(lane).steps().stream().map(Step::weight).toList();
      members.computeIfAbsent(weights, unused -> new ArrayList<>()).add(lane);
    }
    return members.values();
  }

  /** A port with one feed for the lanes of each sequence. */
  private static List<Port> loadedPorts(Program program, List<Lane> all) {
    List<Port> ports = new ArrayList<>();
    for (List<Integer> members : sequences(program)) {
      Group feed = new Group(sequence(all.get(members.get(0)), LaneSharing::place));
      for (int lane : members) {
        long[] reads = sequence(all.get(lane), LaneSharing::place);
        if (!feed.agrees(reads)) {
          throw new IllegalArgumentException("lane " + lane + " reads other elements");
        }
        feed.add(lane, reads);
      }
      List<Group> feeds = List.of(feed);
      Group port = join(feeds.stream().map(f -> f.map(LaneSharing::address)).toList()).get(0);
      ports.add(port(port, feeds, IntStream.range(0, all.size()).boxed().toList()));
    }
    return ports;
  }

  /** The lanes that follow each of the sequences of a schedule that is loaded. */
  private static Collection<List<Integer>> sequences(Program program) {
    LoadedWords.Sequences sequences = program.loaded().flatMap(LoadedWords::schedule).orElseThrow();
    Map<Integer, List<Integer>> members = new TreeMap<>();
    int number = 0;
    for (int cluster = 0; cluster < program.clusters().size(); cluster++) {
      int ports = program.clusters().get(cluster).lanes().size() / sequences.lanesPerPort();
      int first = sequences.shared() ? 0 : cluster * ports;
      for (int lane = 0; lane < ports * sequences.lanesPerPort(); lane++) {
        int sequence = first + lane / sequences.lanesPerPort();
        members.computeIfAbsent(sequence, unused -> new ArrayList<>()).add(number++);
      }
    }
    return members.values();
  }

  private static long address(long place) {
    return place == NOTHING ? NOTHING : place >> 32;
  }

  /** Numbers of the lanes that read for the first of the pixels that are read at once. */
  private static List<Integer> leaders(Program program, Banks banks) {
    List<Integer> leaders = new ArrayList<>();
    int first = 0;
    for (Cluster cluster : program.clusters()) {
      for (int lane = 0; lane < cluster.lanes().size(); lane++) {
        if (lane / banks.lanes() % banks.count() == 0) {
          leaders.add(first + lane);
        }
      }
      first += cluster.lanes().size();
    }
    return leaders;
  }

  private static List<Group> feeds(List<Lane> all, List<Integer> leaders) {
    return join(leaders.stream().map(l -> sequence(all.get(l), LaneSharing::place)).toList());
  }

  private static Port copy(Port leader, int copy, Banks banks) {
    List<Feed> feeds =
        leader.feeds().stream()
            .map(
                feed ->
                    new Feed(
                        feed.lanes().stream().map(lane -> lane + copy * banks.lanes()).toList(),
                        feed.elements()))
            .toList();
    List<Integer> addresses =
        leader.addresses().stream().map(address -> address + copy * banks.beats()).toList();
    return new Port(feeds, addresses, leader.elements());
  }

  private static void requireReads(Port port, List<Lane> all) {
    for (Feed feed : port.feeds()) {
      for (int lane : feed.lanes()) {
        List<Step> steps = all.get(lane).steps();
        for (int step = 0; step < steps.size(); step++) {
          if (!steps.get(step).isIdle()
              && (steps.get(step).address() != port.addresses().get(step)
                  || steps.get(step).element() != feed.elements().get(step))) {
            throw new IllegalArgumentException("lane " + lane + " is no copy in step " + step);
          }
        }
      }
    }
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

  private static Port port(Group group, List<Group> feeds, List<Integer> leaders) {
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
        members.stream()
            .map(f -> new Feed(f.members.stream().map(leaders::get).toList(), f.filled()))
            .toList(),
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
