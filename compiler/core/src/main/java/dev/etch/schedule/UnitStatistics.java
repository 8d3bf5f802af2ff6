// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.AddUnit;
import dev.etch.hardware.ArgMaxUnit;
import dev.etch.hardware.ConcatUnit;
import dev.etch.hardware.ConstantUnit;
import dev.etch.hardware.Design;
import dev.etch.hardware.ForkUnit;
import dev.etch.hardware.MapUnit;
import dev.etch.hardware.MatrixUnit;
import dev.etch.hardware.MultiplyUnit;
import dev.etch.hardware.Netlist;
import dev.etch.hardware.PackedWeights;
import dev.etch.hardware.Program;
import dev.etch.hardware.Program.Step;
import dev.etch.hardware.SelectUnit;
import dev.etch.hardware.SharedArray;
import dev.etch.hardware.SoftmaxUnit;
import dev.etch.hardware.Unit;
import dev.etch.hardware.WidthUnit;
import dev.etch.hardware.WindowUnit;
import dev.etch.hardware.memory.MemoryBits;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a unit costs and how busy it is.
 *
 * @param name of the unit
 * @param layer of the model
 * @param kind of unit: conv, dense, pool, ... as in the name's first word
 * @param multipliers physical multipliers; 0 for a unit that shares those of an array, which is
 *     listed by itself
 * @param macLanes products a cycle; 0 for a unit that shares an array
 * @param cyclesPerFrame cycles that the unit works on a frame when it never waits
 * @param utilization useful products over what the lanes could make in the design's cycles a frame,
 *     for a unit that shares an array over what the array could make; 0 for units without
 *     multipliers
 * @param hasWeights whether it multiplies by weights
 * @param bits of its memories, counted from its netlist
 * @param bitsPerProduct bits of its schedule, weights included, for each product of a run that is
 *     made; 0 if it makes none
 * @param fifoDepth beats of the deepest input queue
 */
public record UnitStatistics(
    String name,
    String layer,
    String kind,
    int multipliers,
    int macLanes,
    long cyclesPerFrame,
    double utilization,
    boolean hasWeights,
    MemoryBits bits,
    double bitsPerProduct,
    int fifoDepth) {

  /** Statistics of all units of a design that takes {@code cyclesPerFrame}, then of its arrays. */
  static List<UnitStatistics> of(Design design, long cyclesPerFrame) {
    List<UnitStatistics> all = new ArrayList<>();
    // Frames may end closer together than a unit works on one, if others were late.
    long cycles = Math.max(cyclesPerFrame, Occupation.most(design));
    for (Unit unit : design.units()) {
      int depth = unit.inputs().stream().mapToInt(design.depths()::get).max().orElse(0);
      int shared = design.arrayOf(unit).map(design::lanes).orElse(0);
      all.add(unit.accept(new Collector(cycles, depth, shared, design.buffers())));
    }
    for (SharedArray array : design.arrays()) {
      all.add(of(array, design, all));
    }
    return all;
  }

  /** An array does what its members do; only the multipliers are its own. */
  private static UnitStatistics of(SharedArray array, Design design, List<UnitStatistics> units) {
    List<UnitStatistics> members =
        units.stream().filter(unit -> array.units().contains(unit.name())).toList();
    int lanes = design.lanes(array);
    return new UnitStatistics(
        array.name(),
        members.stream().map(UnitStatistics::layer).collect(Collectors.joining(", ")),
        "array",
        lanes,
        lanes,
        members.stream().mapToLong(UnitStatistics::cyclesPerFrame).sum(),
        members.stream().mapToDouble(UnitStatistics::utilization).sum(),
        false,
        MemoryBits.NONE,
        0,
        0);
  }

  /**
   * What is known of a unit.
   *
   * @param shared lanes of the array that the unit shares with others, 0 if it does not
   * @param buffers of each memory that the host loads
   */
  private record Collector(long designCycles, int fifoDepth, int shared, int buffers)
      implements Unit.Visitor<UnitStatistics> {

    @Override
    public UnitStatistics window(WindowUnit unit) {
      Program program = unit.program();
      boolean dots = unit.operation() == WindowUnit.Operation.DOT;
      int perLane = dots ? unit.input().type().elements() : 1;
      int lanes = unit.hasWeights() ? program.lanes() * perLane : 0;
      int available = shared > 0 ? shared : lanes;
      long pixels = unit.walk().pixels();
      long products = lanes > 0 ? useful(unit) : 0;
      double utilization =
          lanes > 0 ? (double) products * pixels / ((double) available * designCycles) : 0;
      MemoryBits bits = MemoryBits.of(Netlist.memories(unit, buffers));
      return new UnitStatistics(
          unit.name(),
          unit.layer(),
          kind(unit),
          shared > 0 ? 0 : unit.multipliers(),
          shared > 0 ? 0 : lanes,
          pixels * program.steps(),
          utilization,
          unit.hasWeights(),
          bits,
          products > 0 ? (double) bits.schedule() / products : 0,
          fifoDepth);
    }

    /** Products with a weight other than 0. */
    private static long useful(WindowUnit unit) {
      return unit.program().clusters().stream()
          .flatMap(c -> c.lanes().stream())
          .flatMap(l -> l.steps().stream())
          .filter(s -> !s.isIdle() && s.weight() != 0)
          .mapToLong(s -> unit.operation() == WindowUnit.Operation.DOT ? products(s) : 1)
          .sum();
    }

    private static int products(Step step) {
      int products = 0;
      for (int element = 0; element < PackedWeights.MOST; element++) {
        products += PackedWeights.of(step.weight(), element) == 0 ? 0 : 1;
      }
      return products;
    }

    @Override
    public UnitStatistics matrix(MatrixUnit unit) {
      int lanes = unit.program().lanes().size();
      long products = unit.program().products();
      MemoryBits bits = MemoryBits.of(Netlist.memories(unit, buffers));
      return new UnitStatistics(
          unit.name(),
          unit.layer(),
          kind(unit),
          lanes,
          lanes,
          unit.cyclesPerFrame(),
          (double) products / ((double) lanes * designCycles),
          true,
          bits,
          products > 0 ? (double) bits.schedule() / products : 0,
          fifoDepth);
    }

    @Override
    public UnitStatistics map(MapUnit unit) {
      return plain(unit, unit.input().beatsPerFrame());
    }

    @Override
    public UnitStatistics add(AddUnit unit) {
      return plain(unit, unit.output().beatsPerFrame());
    }

    @Override
    public UnitStatistics multiply(MultiplyUnit unit) {
      return plain(unit, unit.output().beatsPerFrame());
    }

    @Override
    public UnitStatistics select(SelectUnit unit) {
      return plain(unit, Math.max(unit.input().beatsPerFrame(), unit.output().beatsPerFrame()));
    }

    @Override
    public UnitStatistics fork(ForkUnit unit) {
      return plain(unit, unit.input().beatsPerFrame());
    }

    @Override
    public UnitStatistics concat(ConcatUnit unit) {
      return plain(unit, unit.output().beatsPerFrame());
    }

    @Override
    public UnitStatistics constant(ConstantUnit unit) {
      return plain(unit, Math.max(unit.input().beatsPerFrame(), unit.output().beatsPerFrame()));
    }

    @Override
    public UnitStatistics width(WidthUnit unit) {
      return plain(unit, Math.max(unit.input().beatsPerFrame(), unit.output().beatsPerFrame()));
    }

    @Override
    public UnitStatistics argMax(ArgMaxUnit unit) {
      return plain(unit, unit.input().beatsPerFrame());
    }

    @Override
    public UnitStatistics softmax(SoftmaxUnit unit) {
      long lines = unit.input().beatsPerFrame() / unit.elements();
      return plain(unit, lines * unit.cyclesPerLine());
    }

    private UnitStatistics plain(Unit unit, long cycles) {
      MemoryBits bits = MemoryBits.of(Netlist.memories(unit, buffers));
      return new UnitStatistics(
          unit.name(), unit.layer(), kind(unit), 0, 0, cycles, 0, false, bits, 0, fifoDepth);
    }

    private static String kind(Unit unit) {
      int end = unit.name().indexOf('_');
      return end < 0 ? unit.name() : unit.name().substring(0, end);
    }
  }
}
