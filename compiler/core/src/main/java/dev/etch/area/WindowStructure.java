// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.hardware.LaneSharing;
import dev.etch.hardware.PackedWeights;
import dev.etch.hardware.ProductPacking;
import dev.etch.hardware.Program;
import dev.etch.hardware.Program.Drain;
import dev.etch.hardware.Program.Lane;
import dev.etch.hardware.Program.Step;
import dev.etch.hardware.WindowUnit;
import dev.etch.hardware.WindowUnit.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.function.ToIntFunction;

/** What the lanes of a unit share, found as the Verilog generator finds it. */
final class WindowStructure {
  private final WindowUnit unit;
  private final Program program;
  private final List<Lane> lanes = new ArrayList<>();
  private final ColumnCounter weightColumns = new ColumnCounter();
  private int products;
  private int factorBits;

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
    List<LaneSharing.Port> ports = LaneSharing.ports(program);
    int choices = 0;
    int feeds = 0;
    ColumnCounter addressColumns = new ColumnCounter();
    ColumnCounter elementColumns = new ColumnCounter();
    int addressBits = Math.max(1, Fabric.bits(unit.buffer().depth()));
    for (LaneSharing.Port port : ports) {
      addressColumns.add(array(port.addresses()), addressBits);
      for (LaneSharing.Feed feed : port.feeds()) {
        int[] own = array(feed.elements());
        boolean chooses = Arrays.stream(own).distinct().count() > 1;
        feeds++;
        choices += chooses ? port.elements().size() : 1;
        elementColumns.add(own, Fabric.bits(port.elements().size()));
        addFactors(feed.lanes());
      }
    }
    return new WindowShape(
        unit.operation(),
        unit.input().type().element(),
        unit.input().type().elements(),
        unit.buffer().depth(),
        unit.accumulator(),
        unit.output().type().element(),
        program.steps(),
        program.clusters().size(),
        program.outputsPerCluster(),
        lanes.size(),
        (int) lanes.stream().filter(WindowStructure::accumulates).count(),
        products,
        factorBits,
        ports.size(),
        ports.stream().map(this::stored).toList(),
        feeds,
        choices,
        addressColumns.columns(),
        elementColumns.columns(),
        weightColumns.columns(),
        flagColumns(),
        splits(),
        drainGroups(),
        unit.reorderPixels());
  }

  private static int[] array(List<Integer> values) {
    return values.stream().mapToInt(Integer::intValue).toArray();
  }

  private int stored(LaneSharing.Port port) {
    return unit.operation() == Operation.DOT
        ? unit.input().type().elements()
        : port.elements().size();
  }

  /** The multipliers of the lanes of one operand, see {@code ProductPacking}. */
  private void addFactors(List<Integer> members) {
    if (unit.operation() == Operation.DOT) {
      members.forEach(lane -> addMasks(lanes.get(lane)));
    }
    if (unit.operation() != Operation.MULTIPLY_ACCUMULATE) {
      return;
    }
    int most = unit.productsPerMultiplier();
    if (most == 0) {
      members.forEach(lane -> addLogicFactor(weights(lane)));
      return;
    }
    for (int first = 0; first < members.size(); first += most) {
      addShare(members.subList(first, Math.min(members.size(), first + most)));
    }
  }

  private void addLogicFactor(long[] weights) {
    int bits = signedBits(weights);
    weightColumns.add(weights, bits);
    factorBits = Math.max(factorBits, bits);
  }

  /** The memory holds each lane's field of the common factor without the copies of its sign. */
  private void addShare(List<Integer> share) {
    long[] factors = factors(share);
    long always = factors[0];
    if (Arrays.stream(factors).allMatch(f -> f == always) && Long.bitCount(Math.abs(always)) <= 1) {
      // always the same power of two: no multiplier
      return;
    }
    factorBits = Math.max(factorBits, signedBits(factors));
    products++;
    boolean[] borrows = new boolean[program.steps()];
    for (int lane : share) {
      long[] field = weights(lane);
      for (int step = 0; step < field.length; step++) {
        field[step] -= borrows[step] ? 1 : 0;
        borrows[step] = field[step] < 0;
      }
      weightColumns.add(field, signedBits(field));
    }
  }

  private long[] weights(int lane) {
    return lanes.get(lane).steps().stream().mapToLong(Step::weight).toArray();
  }

  /** Which elements count, which are inverted, and how many those are. */
  private void addMasks(Lane lane) {
    int count = unit.input().type().elements();
    int steps = program.steps();
    long[] negative = new long[steps];
    long[] nonzero = new long[steps];
    long[] negatives = new long[steps];
    for (int step = 0; step < steps; step++) {
      for (int element = 0; element < count; element++) {
        int weight = PackedWeights.of(lane.steps().get(step).weight(), element);
        negative[step] |= weight < 0 ? 1L << element : 0;
        nonzero[step] |= weight != 0 ? 1L << element : 0;
      }
      negatives[step] = Long.bitCount(negative[step]);
    }
    weightColumns.add(negative, count);
    weightColumns.add(nonzero, count);
    weightColumns.add(negatives, signedBits(negatives));
  }

  /** The sum of the shifted weights of each step. */
  private long[] factors(List<Integer> share) {
    List<List<Step>> steps = share.stream().map(lane -> lanes.get(lane).steps()).toList();
    IntSummaryStatistics range =
        steps.stream().flatMap(List::stream).mapToInt(Step::weight).summaryStatistics();
    ProductPacking.Ranges ranges =
        new ProductPacking.Ranges(unit.input().type().element(), range.getMin(), range.getMax());
    int field = share.size() == 1 ? 0 : new ProductPacking(ranges, share.size()).fieldBits();
    long[] factors = new long[program.steps()];
    for (int i = 0; i < share.size(); i++) {
      for (int step = 0; step < factors.length; step++) {
        factors[step] += (long) steps.get(i).get(step).weight() << (i * field);
      }
    }
    return factors;
  }

  private static boolean accumulates(Lane lane) {
    return lane.steps().stream().anyMatch(s -> !s.isIdle() && !s.last());
  }

  private static int signedBits(long[] values) {
    int bits = 1;
    for (long value : values) {
      bits = Math.max(bits, 65 - Long.numberOfLeadingZeros(value < 0 ? ~value : value));
    }
    return bits;
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
}
