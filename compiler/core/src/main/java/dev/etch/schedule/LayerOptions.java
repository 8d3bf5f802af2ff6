// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.area.Area;
import dev.etch.hardware.Target;
import dev.etch.hardware.WindowUnit.Operation;
import dev.etch.lower.Buffering;
import dev.etch.lower.Folding;
import dev.etch.lower.LaneLayout;
import dev.etch.lower.Stage;
import dev.etch.lower.WindowLayer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntUnaryOperator;

/**
 * The ways to lay out a window layer's lanes. A layout takes as long as its lower bound, until it
 * has been scheduled and turned out longer.
 */
final class LayerOptions {
  /** Look-up tables that a memory block is worth, and a register. */
  private static final double BLOCK_WORTH = 100;

  private static final double REGISTER_WORTH = 0.25;

  private final WindowLayer layer;
  private final LayoutArea area;
  private final LayerPace pace;

  /** Those of few multipliers first. */
  private final List<Option> options;

  /** The same, with those that cannot share an array. */
  private final List<Option> own;

  /** Fewest cycles of a frame for which so many lanes at most are occupied. */
  private final long[] busy;

  /**
   * One layout.
   *
   * @param buffering of a matrix; {@link Buffering#LEAST} of others, for which it follows from the
   *     pace
   * @param lanes of all clusters
   * @param multipliers that they take
   * @param cycles lower bound of the cycles of a frame
   * @param busy lower bound of the cycles of a frame in which the lanes are occupied
   */
  record Option(
      LaneLayout layout, Buffering buffering, int lanes, int multipliers, long cycles, long busy) {}

  /**
   * All layouts.
   *
   * @param target says what multipliers can do, and what everything else costs
   * @param mostMultipliers multipliers at most; lanes, if they do not multiply
   * @param savesMemory whether there are also layouts that do without copies of weights or frames
   * @param leaving elements of a beat behind the layer, for its number of clusters
   */
  static LayerOptions of(
      Stage.OfWindow stage,
      Target target,
      int mostMultipliers,
      boolean savesMemory,
      IntUnaryOperator leaving) {
    LayerPace pace = new LayerPace(stage.window(), leaving);
    List<Option> own =
        LayerLayouts.of(stage.window(), stage.packings(target), mostMultipliers, savesMemory, pace);
    if (savesMemory || stage.window().circulant().isPresent()) {
      own.addAll(MatrixLayouts.of(stage.window(), mostMultipliers, pace));
    }
    own.sort(Comparator.comparingInt(Option::multipliers).thenComparingLong(Option::cycles));
    return new LayerOptions(stage.window(), new LayoutArea(stage, target), pace, own);
  }

  private LayerOptions(WindowLayer layer, LayoutArea area, LayerPace pace, List<Option> own) {
    this.layer = layer;
    this.area = area;
    this.pace = pace;
    this.own = List.copyOf(own);
    this.options = own.stream().filter(option -> !option.layout().isBroadcast()).toList();
    this.busy = busy(options);
  }

  private static long[] busy(List<Option> options) {
    int most = options.stream().mapToInt(Option::lanes).max().orElse(0);
    long[] least = new long[most + 1];
    Arrays.fill(least, ArrayMember.NEVER);
    for (Option option : options) {
      least[option.lanes()] = Math.min(least[option.lanes()], option.busy());
    }
    for (int lanes = 1; lanes <= most; lanes++) {
      least[lanes] = Math.min(least[lanes], least[lanes - 1]);
    }
    return least;
  }

  /**
   * Fewest cycles of a frame for which it occupies so many lanes; {@link ArrayMember#NEVER} if they
   * are too few.
   */
  long busy(int lanes) {
    return busy[Math.min(lanes, busy.length - 1)];
  }

  boolean multiplies() {
    return layer.operation() == Operation.MULTIPLY_ACCUMULATE;
  }

  LayoutArea area() {
    return area;
  }

  WindowLayer layer() {
    return layer;
  }

  /** The fewest multipliers that do a frame in {@code cycles}; empty if none do. */
  OptionalInt fewestMultipliers(long cycles) {
    return options.stream()
        .filter(o -> o.cycles() <= cycles)
        .mapToInt(Option::multipliers)
        .findFirst();
  }

  /** Every layout that may share an array, those of few multipliers first. */
  List<Option> all() {
    return options;
  }

  /** Whether elements may be broadcast. */
  boolean hasMatrices() {
    return own.size() > options.size();
  }

  /** Every layout with multipliers of its own, those of few multipliers first. */
  List<Option> own() {
    return own;
  }

  /** The same, but {@code option} takes {@code steps} a block, more than its lower bound. */
  LayerOptions corrected(Option option, int steps) {
    Option longer = pace.longer(option, steps);
    List<Option> corrected = new ArrayList<>(own);
    corrected.replaceAll(o -> o.equals(option) ? longer : o);
    return new LayerOptions(layer, area, pace, corrected);
  }

  /** Look-up tables that a layout is worth besides multipliers, if elements come one by one. */
  double cost(Option option) {
    return cost(area.of(option, Folding.plain(option.layout(), Buffering.LEAST)));
  }

  /** Look-up tables that an area is worth, without its multipliers. */
  static double cost(Area all) {
    return all.luts() + REGISTER_WORTH * all.flipFlops() + BLOCK_WORTH * all.blocks();
  }
}
