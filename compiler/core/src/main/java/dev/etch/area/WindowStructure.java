// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.hardware.Program;
import dev.etch.hardware.Program.Drain;
import dev.etch.hardware.Program.Lane;
import dev.etch.hardware.Program.Step;
import dev.etch.hardware.WindowUnit;
import dev.etch.hardware.WindowUnit.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;

/** What the lanes of a unit share, found as the Verilog generator finds it. */
final class WindowStructure {
  private static final int NO_READ = -1;

  private final WindowUnit unit;
  private final Program program;
  private final List<Lane> lanes = new ArrayList<>();

  private WindowStructure(WindowUnit unit) {
    this.unit = unit;
    this.program = unit.program();
    program.clusters().forEach(c -> lanes.addAll(c.lanes()));
  }

  /** The shape of a unit. */
  static WindowShape of(WindowUnit unit) {
    return new WindowStructure(unit).shape();
  }

  private WindowShape shape() {
    int[][] reads = new int[lanes.size()][];
    for (int lane = 0; lane < reads.length; lane++) {
      reads[lane] = lanes.get(lane).steps().stream().mapToInt(this::place).toArray();
    }
    List<int[]> feeds = join(Arrays.asList(reads));
    int beat = unit.input().type().elements();
    List<int[]> addresses = new ArrayList<>();
    feeds.forEach(f -> addresses.add(map(f, place -> place / beat)));
    List<List<Integer>> members = new ArrayList<>();
    List<int[]> ports = join(addresses, members);
    List<Integer> stored = new ArrayList<>();
    int choices = 0;
    ColumnCounter addressColumns = new ColumnCounter();
    ColumnCounter elementColumns = new ColumnCounter();
    int addressBits = Math.max(1, Fabric.bits(unit.buffer().depth()));
    for (int port = 0; port < ports.size(); port++) {
      Set<Integer> elements = new HashSet<>();
      for (int feed : members.get(port)) {
        for (int place : feeds.get(feed)) {
          if (place != NO_READ) {
            elements.add(place % beat);
          }
        }
      }
      stored.add(Math.max(1, elements.size()));
      addressColumns.add(filled(ports.get(port)), addressBits);
      for (int feed : members.get(port)) {
        int[] own = filled(map(feeds.get(feed), place -> place % beat));
        boolean chooses = Arrays.stream(own).distinct().count() > 1;
        choices += chooses ? elements.size() : 1;
        elementColumns.add(own, Fabric.bits(elements.size()));
      }
    }
    return new WindowShape(
        unit.operation(),
        unit.input().type().element(),
        beat,
        unit.buffer().depth(),
        unit.accumulator(),
        unit.output().type().element(),
        program.steps(),
        program.clusters().size(),
        program.outputsPerCluster(),
        lanes.size(),
        (int) lanes.stream().filter(WindowStructure::accumulates).count(),
        products(),
        weightBits(),
        ports.size(),
        stored,
        feeds.size(),
        choices,
        addressColumns.columns(),
        elementColumns.columns(),
        weightColumns(),
        flagColumns(),
        splits(),
        drainGroups(),
        unit.reorderPixels());
  }

  private int place(Step step) {
    return step.isIdle()
        ? NO_READ
        : step.address() * unit.input().type().elements() + step.element();
  }

  private static boolean accumulates(Lane lane) {
    return lane.steps().stream().anyMatch(s -> !s.isIdle() && !s.last());
  }

  private boolean multiplies() {
    return unit.operation() == Operation.MULTIPLY_ACCUMULATE;
  }

  /** A factor that is always the same power of two is no multiplier. */
  private int products() {
    return multiplies() ? (int) lanes.stream().filter(lane -> !isShift(weights(lane))).count() : 0;
  }

  private static boolean isShift(int[] weights) {
    int first = weights[0];
    return Arrays.stream(weights).allMatch(w -> w == first)
        && Integer.bitCount(Math.abs(first)) <= 1;
  }

  private static int[] weights(Lane lane) {
    return lane.steps().stream().mapToInt(Step::weight).toArray();
  }

  private static int signedBits(int[] values) {
    int bits = 1;
    for (int value : values) {
      bits = Math.max(bits, 33 - Integer.numberOfLeadingZeros(value < 0 ? ~value : value));
    }
    return bits;
  }

  private int weightBits() {
    return multiplies()
        ? lanes.stream().mapToInt(lane -> signedBits(weights(lane))).max().orElse(1)
        : 0;
  }

  private Columns weightColumns() {
    ColumnCounter columns = new ColumnCounter();
    if (multiplies()) {
      lanes.forEach(lane -> columns.add(weights(lane), signedBits(weights(lane))));
    }
    return columns.columns();
  }

  private Columns flagColumns() {
    ColumnCounter columns = new ColumnCounter();
    for (Lane lane : lanes) {
      columns.add(lane.steps().stream().mapToInt(s -> s.isIdle() ? 0 : 1).toArray(), 1);
      columns.add(lane.steps().stream().mapToInt(s -> s.last() ? 1 : 0).toArray(), 1);
    }
    for (Program.Cluster cluster : program.clusters()) {
      columns.add(column(cluster, d -> d.idle() ? 0 : Math.max(0, d.lane())), pickBits(cluster));
      columns.add(column(cluster, d -> d.idle() ? 0 : 1), 1);
      columns.add(column(cluster, d -> d.first() ? 1 : 0), 1);
      columns.add(column(cluster, d -> d.last() ? 1 : 0), 1);
      columns.add(column(cluster, d -> d.previousPixel() ? 1 : 0), 1);
      columns.add(column(cluster, Drain::output), Fabric.bits(program.outputsPerCluster()));
    }
    return columns.columns();
  }

  private static int pickBits(Program.Cluster cluster) {
    return Fabric.bits(cluster.lanes().size());
  }

  private static int[] column(Program.Cluster cluster, ToIntFunction<Drain> field) {
    return cluster.drains().stream().mapToInt(field).toArray();
  }

  private boolean splits() {
    return program.clusters().stream()
        .flatMap(c -> c.drains().stream())
        .anyMatch(d -> !d.idle() && !d.first());
  }

  private int drainGroups() {
    return (int)
        program.clusters().stream()
            .map(c -> c.drains().stream().map(WindowStructure::withoutLane).toList())
            .distinct()
            .count();
  }

  private static Drain withoutLane(Drain drain) {
    return new Drain(
        0, drain.first(), drain.last(), drain.output(), drain.previousPixel(), drain.idle());
  }

  private static List<int[]> join(List<int[]> sequences) {
    return join(sequences, new ArrayList<>());
  }

  /** Each sequence joins the first group that it does not contradict. */
  private static List<int[]> join(List<int[]> sequences, List<List<Integer>> members) {
    List<int[]> groups = new ArrayList<>();
    for (int number = 0; number < sequences.size(); number++) {
      int[] sequence = sequences.get(number);
      int group = 0;
      while (group < groups.size() && !agree(groups.get(group), sequence)) {
        group++;
      }
      if (group == groups.size()) {
        groups.add(sequence.clone());
        members.add(new ArrayList<>());
      }
      int[] merged = groups.get(group);
      for (int i = 0; i < merged.length; i++) {
        merged[i] = merged[i] == NO_READ ? sequence[i] : merged[i];
      }
      members.get(group).add(number);
    }
    return groups;
  }

  private static boolean agree(int[] left, int[] right) {
    for (int i = 0; i < left.length; i++) {
      if (left[i] != NO_READ && right[i] != NO_READ && left[i] != right[i]) {
        return false;
      }
    }
    return true;
  }

  private static int[] map(int[] values, java.util.function.IntUnaryOperator mapping) {
    return Arrays.stream(values).map(v -> v == NO_READ ? v : mapping.applyAsInt(v)).toArray();
  }

  /** Gaps repeat what is before them. */
  private static int[] filled(int[] values) {
    int[] result = values.clone();
    int last = Arrays.stream(values).filter(v -> v != NO_READ).findFirst().orElse(0);
    for (int i = 0; i < result.length; i++) {
      last = result[i] == NO_READ ? last : result[i];
      result[i] = last;
    }
    return result;
  }
}
