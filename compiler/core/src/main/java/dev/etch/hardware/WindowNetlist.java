// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import dev.etch.hardware.LaneSharing.Feed;
import dev.etch.hardware.Packing.Common;
import dev.etch.hardware.Program.Cluster;
import dev.etch.hardware.Program.Drain;
import dev.etch.hardware.Program.Lane;
import dev.etch.hardware.Program.Step;
import dev.etch.hardware.ScheduleColumns.Column;
import dev.etch.hardware.WindowUnit.Operation;
import dev.etch.hardware.arithmetic.Bits;
import dev.etch.hardware.memory.Memory;
import dev.etch.hardware.memory.MemoryUse;
import dev.etch.hardware.requantizer.RequantizerTables;
import dev.etch.tensor.IntegerType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IntSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/**
 * What a {@link WindowUnit} is made of: memory ports, multipliers, columns of the schedule, groups
 * of drains, requantizer memories. The generator builds from it, the area estimate counts it, and
 * the report sums it.
 */
public final class WindowNetlist {
  private final WindowUnit unit;
  private final Program program;
  private final List<Lane> lanes = new ArrayList<>();
  private final WindowPorts ports;
  private final List<Multiplier> multipliers = new ArrayList<>();
  private final ScheduleColumns columns;
  private final List<DrainGroup> drainGroups;
  private final boolean repeatsTables;

  /**
   * A multiplier that makes the products of some lanes, see {@link ProductPacking}. If they have an
   * element in common, the memory holds each lane's field of the factor without the copies of its
   * sign: a field lends one to those below it if they are negative. If they have their weights in
   * common, these stand in the column of the first lane, and the factor is made of the elements.
   *
   * @param common what the lanes have in common
   * @param lanes numbers, the lowest field first
   * @param fieldBits from one lane's product to the next
   * @param factorBits of the factor, the sum of the shifted weights or elements, signed
   * @param isShift whether a factor is always the same power of two, which takes no multiplier
   */
  public record Multiplier(
      Packing.Common common, List<Integer> lanes, int fieldBits, int factorBits, boolean isShift) {
    public Multiplier {
      lanes = List.copyOf(lanes);
    }
  }

  /**
   * Clusters that drain the same output in each slot, though from different lanes; they share a
   * reorder memory.
   *
   * @param timing what they do in each slot, without the lane
   * @param clusters numbers, ascending
   * @param isWhole whether every output comes in one part, whatever the host loads
   */
  public record DrainGroup(List<Drain> timing, List<Integer> clusters, boolean isWhole) {
    public DrainGroup {
      timing = List.copyOf(timing);
      clusters = List.copyOf(clusters);
    }
  }

  private WindowNetlist(WindowUnit unit) {
    this.unit = unit;
    this.program = unit.program();
    this.columns =
        new ScheduleColumns(program.steps(), program.loadsSchedule(), unit.memory().isPresent());
    this.ports = new WindowPorts(unit, columns);
    this.drainGroups = drainGroups(program);
    this.repeatsTables = savesTables();
    program.clusters().forEach(cluster -> lanes.addAll(cluster.lanes()));
    addProducts();
    addLanes();
    addDrains();
  }

  /** The netlist of a unit. */
  public static WindowNetlist of(WindowUnit unit) {
    return new WindowNetlist(unit);
  }

  /** Memory ports. */
  public WindowPorts ports() {
    return ports;
  }

  /** Multipliers of its own or, one a lane, of the array that it shares; none if it needs none. */
  public List<Multiplier> multipliers() {
    return List.copyOf(multipliers);
  }

  /** The schedule. */
  public ScheduleColumns columns() {
    return columns;
  }

  /** The words of the schedule that come from a memory outside, if some do. */
  public Optional<WindowStream> stream() {
    return unit.memory().map(memory -> WindowStream.of(columns, memory));
  }

  /** Groups of clusters, in the order of their numbers. */
  public List<DrainGroup> drainGroups() {
    return drainGroups;
  }

  /** Bits of the widest weight of a lane of a program, signed. */
  public static int weightBits(Program program) {
    return program
        .loaded()
        .map(words -> words.weights().bits())
        .orElseGet(
            () ->
                program.clusters().stream()
                    .flatMap(cluster -> cluster.lanes().stream())
                    .mapToInt(lane -> Bits.signed(column(lane, Step::weight)))
                    .max()
                    .orElse(0));
  }

  /** Bits of the widest weight of a lane, signed. */
  public int weightBits() {
    return weightBits(program);
  }

  /**
   * The channels of the outputs that a cluster makes, of as many as its requantizer has words for.
   */
  public List<Integer> channels(int cluster) {
    return channels(cluster, repeatsTables ? period() : program.outputsPerCluster());
  }

  private List<Integer> channels(int cluster, int outputs) {
    int clusters = program.clusters().size();
    return IntStream.range(0, outputs).mapToObj(output -> output * clusters + cluster).toList();
  }

  /**
   * Whether outputs of several pixels of a block have a word of their requantizer's tables in
   * common, and a column of the schedule says which.
   */
  public boolean repeatsTables() {
    return repeatsTables;
  }

  /**
   * The column by which the tables of a group's requantizers are read: an index of {@link
   * #channels}.
   */
  public String channelColumn(int group) {
    return "drain" + group + (repeatsTables ? "_channel" : "_output");
  }

  /** Outputs of a cluster after which their channels repeat. */
  private int period() {
    int clusters = program.clusters().size();
    int channels = program.outputsPerCluster() * clusters / unit.block();
    return channels / BigInteger.valueOf(channels).gcd(BigInteger.valueOf(clusters)).intValue();
  }

  /** Whether the tables shrink by more than the columns take. */
  private boolean savesTables() {
    int period = period();
    if (period >= program.outputsPerCluster()) {
      return false;
    }
    long table = 0;
    for (int cluster = 0; cluster < program.clusters().size(); cluster++) {
      table +=
          requantizer(channels(cluster, period)).memories("").stream()
              .filter(memory -> memory.words() == period)
              .mapToLong(Memory::bits)
              .sum();
    }
    long column = (long) program.steps() * Bits.choosing(period) * drainGroups.size();
    return table * (program.outputsPerCluster() - period) / period > column;
  }

  /** Words of each reorder memory. */
  public int reorderWords() {
    return unit.reorderPixels() << Bits.choosing(program.outputsPerCluster());
  }

  /** Everything that is a memory. */
  List<Memory> memories() {
    List<Memory> memories = new ArrayList<>(ports.memories());
    memories.addAll(columns.memories());
    int result = unit.output().type().element().bits();
    for (int number = 0; number < drainGroups.size(); number++) {
      int width = drainGroups.get(number).clusters().size() * result;
      memories.add(
          Memory.of("drain" + number + "_reorder", reorderWords(), width, MemoryUse.BUFFERS));
    }
    for (int cluster = 0; cluster < program.clusters().size(); cluster++) {
      memories.addAll(requantizer(channels(cluster)).memories("cluster" + cluster));
    }
    return memories;
  }

  private RequantizerTables requantizer(List<Integer> channels) {
    IntegerType accumulator = unit.accumulator();
    return RequantizerTables.of(
        unit.requantizer(),
        channels,
        BigInteger.valueOf(accumulator.minimum()),
        BigInteger.valueOf(accumulator.maximum()),
        unit.output().type().element().bits());
  }

  private void addProducts() {
    if (unit.packing().common() == Common.WEIGHT) {
      LaneSharing.ofEqualWeights(program).forEach(this::addCommonWeights);
    } else {
      ports.all().stream().flatMap(port -> port.feeds().stream()).forEach(this::addProducts);
    }
  }

  private void addCommonWeights(List<Integer> members) {
    int most = unit.packing().products();
    for (int first = 0; first < members.size(); first += most) {
      addCommonWeight(members.subList(first, Math.min(members.size(), first + most)));
    }
  }

  private void addCommonWeight(List<Integer> share) {
    int first = share.get(0);
    long[] weights = weights(first);
    addWeights(first, weights, false);
    IntegerType weight = new IntegerType(Bits.signed(weights), true);
    IntegerType element = unit.input().type().element();
    ProductPacking.Ranges ranges =
        new ProductPacking.Ranges(weight, (int) element.minimum(), (int) element.maximum());
    ProductPacking packing = new ProductPacking(ranges, share.size());
    int field = share.size() == 1 ? 0 : packing.fieldBits();
    multipliers.add(
        new Multiplier(Common.WEIGHT, share, field, packing.factorBits(), isShift(weights)));
  }

  private void addProducts(Feed feed) {
    if (unit.operation() == Operation.DOT) {
      feed.lanes().forEach(this::addMasks);
    } else if (unit.operation() == Operation.MULTIPLY_ACCUMULATE) {
      addFactors(feed.lanes());
    }
  }

  private void addFactors(List<Integer> members) {
    int most = unit.packing().products();
    if (most == 0) {
      members.forEach(lane -> addWeights(lane, weights(lane), false));
      return;
    }
    for (int first = 0; first < members.size(); first += most) {
      addMultiplier(members.subList(first, Math.min(members.size(), first + most)));
    }
  }

  private void addMultiplier(List<Integer> share) {
    int field = fieldBits(share);
    long[] factors = new long[program.steps()];
    boolean[] borrows = new boolean[program.steps()];
    for (int i = 0; i < share.size(); i++) {
      long[] weights = weights(share.get(i));
      for (int step = 0; step < weights.length; step++) {
        factors[step] += weights[step] << (i * field);
        weights[step] -= borrows[step] ? 1 : 0;
        borrows[step] = weights[step] < 0;
      }
      addWeights(share.get(i), weights, i > 0);
    }
    multipliers.add(
        program
            .loaded()
            .map(words -> (share.size() - 1) * field + words.weights().bits())
            .map(bits -> new Multiplier(Common.ELEMENT, share, field, bits, false))
            .orElseGet(
                () ->
                    new Multiplier(
                        Common.ELEMENT, share, field, Bits.signed(factors), isShift(factors))));
  }

  private static boolean isShift(long[] factors) {
    return Long.bitCount(Math.abs(factors[0])) <= 1
        && Arrays.stream(factors).allMatch(factor -> factor == factors[0]);
  }

  private int fieldBits(List<Integer> share) {
    if (share.size() == 1) {
      return 0;
    }
    return new ProductPacking(ranges(share), share.size()).fieldBits();
  }

  private ProductPacking.Ranges ranges(List<Integer> share) {
    IntegerType element = unit.input().type().element();
    if (program.loaded().isPresent()) {
      IntegerType weight = program.loaded().get().weights();
      return new ProductPacking.Ranges(element, (int) weight.minimum(), (int) weight.maximum());
    }
    IntSummaryStatistics range =
        share.stream()
            .flatMap(lane -> lanes.get(lane).steps().stream())
            .mapToInt(Step::weight)
            .summaryStatistics();
    return new ProductPacking.Ranges(element, range.getMin(), range.getMax());
  }

  private long[] weights(int lane) {
    return column(lanes.get(lane), Step::weight);
  }

  /**
   * Adds a lane's weights.
   *
   * @param lends whether the field below it may have taken one of them
   */
  private void addWeights(int lane, long[] weights, boolean lends) {
    int width =
        program
            .loaded()
            .map(words -> words.weights().bits() + (lends ? 1 : 0))
            .orElse(Bits.signed(weights));
    columns.add(
        new Column(
            "lane" + lane + "_weight",
            PipelineStages.OPERAND,
            MemoryUse.WEIGHTS,
            weights,
            width,
            program.loaded().isPresent()));
  }

  /** Which elements are inverted, which count, and how many are inverted. */
  private void addMasks(int lane) {
    int count = unit.input().type().elements();
    IntegerType element = unit.input().type().element();
    boolean subtracts = element.bits() == 1 && !element.signed();
    long[] negative = new long[program.steps()];
    long[] nonzero = new long[program.steps()];
    long[] negatives = new long[program.steps()];
    List<Step> steps = lanes.get(lane).steps();
    for (int step = 0; step < negative.length; step++) {
      for (int place = 0; place < count; place++) {
        int weight = PackedWeights.of(steps.get(step).weight(), place);
        negative[step] |= weight < 0 ? 1L << place : 0;
        nonzero[step] |= weight != 0 ? 1L << place : 0;
      }
      negatives[step] = (subtracts ? -1 : 1) * Long.bitCount(negative[step]);
    }
    String name = "lane" + lane;
    columns.add(name + "_negative", PipelineStages.BEAT, MemoryUse.WEIGHTS, negative, count);
    columns.add(name + "_counts", PipelineStages.BEAT, MemoryUse.WEIGHTS, nonzero, count);
    columns.add(
        name + "_negatives",
        PipelineStages.OPERAND,
        MemoryUse.WEIGHTS,
        negatives,
        Bits.signed(negatives));
  }

  private void addLanes() {
    for (int number = 0; number < lanes.size(); number++) {
      Lane lane = lanes.get(number);
      String name = "lane" + number;
      columns.add(
          name + "_active",
          PipelineStages.OPERAND,
          MemoryUse.FLAGS,
          column(lane, step -> step.isIdle() ? 0 : 1),
          1);
      columns.add(
          name + "_last",
          PipelineStages.OPERAND,
          MemoryUse.FLAGS,
          column(lane, step -> step.last() ? 1 : 0),
          1);
    }
  }

  private void addDrains() {
    for (int number = 0; number < drainGroups.size(); number++) {
      DrainGroup group = drainGroups.get(number);
      String name = "drain" + number;
      List<Drain> timing = group.timing();
      int outputBits = Math.max(1, Bits.choosing(program.outputsPerCluster()));
      addDrain(name + "_previous", timing, drain -> drain.previousPixel() ? 1 : 0, 1);
      addDrain(name + "_drains", timing, drain -> drain.idle() ? 0 : 1, 1);
      addDrain(name + "_output", timing, Drain::output, outputBits);
      if (repeatsTables) {
        int period = period();
        int channelBits = Math.max(1, Bits.choosing(period));
        addDrain(channelColumn(number), timing, drain -> drain.output() % period, channelBits);
      }
      addDrain(name + "_first", timing, drain -> drain.first() ? 1 : 0, 1);
      addDrain(name + "_last", timing, drain -> drain.last() ? 1 : 0, 1);
      group.clusters().forEach(this::addPick);
    }
  }

  /** Which holding register a cluster's drain takes; the one behind the last lane is zero. */
  private void addPick(int number) {
    Cluster cluster = program.clusters().get(number);
    int zero = cluster.lanes().size();
    addDrain(
        "cluster" + number + "_pick",
        cluster.drains(),
        drain -> drain.idle() ? 0 : drain.lane() < 0 ? zero : drain.lane(),
        Bits.choosing(program.takesZero(number) ? zero + 1 : zero));
  }

  private void addDrain(String name, List<Drain> drains, ToLongFunction<Drain> field, int width) {
    long[] entries = drains.stream().mapToLong(field).toArray();
    columns.add(name, PipelineStages.DRAIN, MemoryUse.DRAINS, entries, width);
  }

  private static long[] column(Lane lane, ToLongFunction<Step> field) {
    return lane.steps().stream().mapToLong(field).toArray();
  }

  private static List<DrainGroup> drainGroups(Program program) {
    if (program.loadsSchedule()) {
      return IntStream.range(0, program.clusters().size())
          .mapToObj(
              number ->
                  new DrainGroup(program.clusters().get(number).drains(), List.of(number), false))
          .toList();
    }
    Map<List<Drain>, List<Integer>> groups = new LinkedHashMap<>();
    for (int number = 0; number < program.clusters().size(); number++) {
      List<Drain> timing =
          program.clusters().get(number).drains().stream().map(WindowNetlist::withoutLane).toList();
      groups.computeIfAbsent(timing, unused -> new ArrayList<>()).add(number);
    }
    return groups.entrySet().stream()
        .map(group -> new DrainGroup(group.getKey(), group.getValue(), isWhole(group.getKey())))
        .toList();
  }

  private static boolean isWhole(List<Drain> timing) {
    return timing.stream().allMatch(drain -> drain.idle() || drain.first());
  }

  private static Drain withoutLane(Drain drain) {
    return new Drain(
        0, drain.first(), drain.last(), drain.output(), drain.previousPixel(), drain.idle());
  }
}
