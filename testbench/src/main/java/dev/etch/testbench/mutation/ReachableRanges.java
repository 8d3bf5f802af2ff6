// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.mutation;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.exact.ChannelRange;
import dev.etch.exact.Interval;
import dev.etch.exact.RangeAnalysis;
import dev.etch.exact.Ranges;
import dev.etch.hardware.Design;
import dev.etch.hardware.Program.Lane;
import dev.etch.hardware.Program.Step;
import dev.etch.hardware.SharedArray;
import dev.etch.hardware.Stream;
import dev.etch.hardware.Unit;
import dev.etch.hardware.WindowNetlist;
import dev.etch.hardware.WindowUnit;
import dev.etch.lower.LoweredModel;
import dev.etch.tensor.IntegerType;
import dev.etch.testbench.RequantizedSums;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What the streams and the sums of a design can carry, by the names that they have in its Verilog:
 * what enters each unit and each queue, and what enters each requantizer.
 */
final class ReachableRanges {
  private static final List<String> ONE_INPUT = List.of("input");
  private static final List<String> TWO_INPUTS = List.of("left", "right");

  private final LoweredModel model;
  private final Design design;

  private final Ranges ranges;
  private final Set<Stream> unread;
  private final List<ReachableRange> found = new ArrayList<>();

  private ReachableRanges(LoweredModel model) {
    this.model = model;
    this.design = model.design();
    this.unread = design.unread();
    DiagnosticCollector diagnostics = new DiagnosticCollector();
    this.ranges = RangeAnalysis.analyze(model.graph(), diagnostics);
  }

  /** Those that say more than the wires' widths. */
  static List<ReachableRange> of(LoweredModel model) {
    ReachableRanges all = new ReachableRanges(model);
    all.design.units().forEach(all::enters);
    RequantizedSums.of(model).forEach(all::sums);
    all.queues();
    all.design.arrays().forEach(all::lends);
    return all.found.stream().filter(ReachableRange::isInformative).distinct().toList();
  }

  private void enters(Unit unit) {
    List<String> ports = unit.inputs().size() == 1 ? ONE_INPUT : TWO_INPUTS;
    if (unit.inputs().size() == ports.size()) {
      for (int i = 0; i < ports.size(); i++) {
        range(unit.inputs().get(i), module(unit.name()), ports.get(i) + "_payload")
            .ifPresent(found::add);
      }
    }
  }

  /**
   * A module of queues carries what any of its streams carries, if that is known of all of them.
   */
  private void queues() {
    Map<String, List<Stream>> streams =
        design.queueModules().entrySet().stream()
            .collect(groupingBy(Map.Entry::getValue, mapping(Map.Entry::getKey, toList())));
    streams.forEach(
        (module, members) -> {
          List<ReachableRange> each =
              members.stream().flatMap(s -> range(s, module, "push_payload").stream()).toList();
          if (each.size() == members.size()) {
            each.stream().reduce(ReachableRanges::either).ifPresent(found::add);
          }
        });
  }

  /** What one or the other carries; anything at all if their elements differ. */
  private static ReachableRange either(ReachableRange one, ReachableRange other) {
    boolean alike = one.elementBits() == other.elementBits() && one.signed() == other.signed();
    IntegerType all = new IntegerType(one.elementBits(), one.signed());
    Interval interval = alike ? one.interval(0).union(other.interval(0)) : Interval.of(all);
    return ReachableRange.ofAll(
        one.module(), one.wire(), one.elementBits(), one.signed(), interval);
  }

  /**
   * An array takes operands as signed numbers; those that are made of unsigned ones have no sign.
   * What a lane adds up goes to all members, whichever of them runs.
   */
  private void lends(SharedArray array) {
    List<WindowUnit> members = design.members(array);
    members.forEach(unit -> lends(array, unit));
    if (members.stream().allMatch(this::isKnown)) {
      List<List<Interval>> each = members.stream().map(this::totals).toList();
      members.forEach(unit -> totals(unit, each));
    }
  }

  private void lends(SharedArray array, WindowUnit unit) {
    IntegerType element = unit.input().type().element();
    String module = module(array.name());
    if (!element.signed()) {
      Interval operands = Interval.of(element);
      String wire = unit.name() + "_operands";
      found.add(ReachableRange.ofAll(module, wire, element.bits() + 1, true, operands));
    }
    String wire = unit.name() + "_weights";
    // What the host may load is anything.
    if (unit.program().loaded().isEmpty()) {
      List<Interval> weights = lanes(unit).stream().map(ReachableRanges::weights).toList();
      int bits = WindowNetlist.weightBits(unit.program());
      found.add(new ReachableRange(module, wire, bits, true, weights));
    }
  }

  private static List<Lane> lanes(WindowUnit unit) {
    return unit.program().clusters().stream().flatMap(cluster -> cluster.lanes().stream()).toList();
  }

  private static Interval weights(Lane lane) {
    return lane.steps().stream()
        .reduce(new Interval(0, 0), (all, step) -> all.including(step.weight()), Interval::union);
  }

  /** What the accumulators that a unit is lent carry while any member runs. */
  private void totals(WindowUnit unit, List<List<Interval>> members) {
    int bits = bits(unit);
    IntegerType all = new IntegerType(bits, true);
    List<Interval> totals =
        IntStream.range(0, lanes(unit).size())
            .mapToObj(
                lane ->
                    members.stream()
                        .filter(member -> lane < member.size())
                        .map(member -> member.get(lane))
                        .reduce(Interval::union)
                        .filter(any -> all.contains(any.low()) && all.contains(any.high()))
                        .orElse(Interval.of(all)))
            .toList();
    found.add(new ReachableRange(module(unit.name()), "array_totals", bits, true, totals));
  }

  private List<Interval> totals(WindowUnit unit) {
    Interval elements = entering(unit).orElseThrow();
    return lanes(unit).stream().map(lane -> totals(lane, elements)).toList();
  }

  /** Whether it is known what a unit adds up. */
  private boolean isKnown(WindowUnit unit) {
    return unit.program().loaded().isEmpty() && entering(unit).isPresent();
  }

  private Optional<Interval> entering(WindowUnit unit) {
    return Optional.ofNullable(model.meanings().get(unit.input()))
        .map(meaning -> ranges.of(meaning.value()).including(unit.buffer().padValue()));
  }

  /** Sums of the first terms of each part. */
  private static Interval totals(Lane lane, Interval elements) {
    Interval all = new Interval(0, 0);
    Interval part = new Interval(0, 0);
    for (Step step : lane.steps()) {
      if (!step.isIdle()) {
        Interval term = elements.times(new Interval(step.weight(), step.weight()));
        part = new Interval(part.low() + term.low(), part.high() + term.high());
        all = all.union(part);
        part = step.last() ? new Interval(0, 0) : part;
      }
    }
    return all;
  }

  private static int bits(WindowUnit unit) {
    IntegerType type = unit.accumulator();
    return type.bits() + (type.signed() ? 0 : 1);
  }

  private Optional<ReachableRange> range(Stream stream, String module, String wire) {
    IntegerType element = stream.type().element();
    return Optional.ofNullable(model.meanings().get(stream))
        .filter(meaning -> !unread.contains(stream))
        .map(meaning -> ranges.of(meaning.value()))
        .map(
            interval ->
                ReachableRange.ofAll(module, wire, element.bits(), element.signed(), interval));
  }

  private void sums(RequantizedSums.Cluster cluster) {
    int bits = bits(cluster.unit());
    Interval interval =
        cluster.outputs().stream()
            .map(RequantizedSums.Output::range)
            .map(cluster.inParts() ? ChannelRange::partial : ChannelRange::raw)
            .reduce(Interval::union)
            .orElseThrow();
    String register = "cluster" + cluster.number() + "_sum";
    found.add(ReachableRange.ofAll(module(cluster.unit().name()), register, bits, true, interval));
  }

  private String module(String part) {
    return design.name() + "_" + part;
  }
}
