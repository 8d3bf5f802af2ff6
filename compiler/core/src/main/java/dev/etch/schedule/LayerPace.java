// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.lower.Buffering;
import dev.etch.lower.LaneLayout;
import dev.etch.lower.WindowLayer;
import dev.etch.schedule.LayerOptions.Option;
import java.util.function.IntUnaryOperator;

/**
 * How many cycles of a frame a window layer takes.
 *
 * @param leaving elements of a beat behind the layer, for its number of clusters
 */
record LayerPace(WindowLayer layer, IntUnaryOperator leaving) {
  /** A layout whose runs of the schedule take so many steps. */
  Option option(LaneLayout layout, int lanes, int multipliers, long steps) {
    return option(layout, Buffering.LEAST, lanes, multipliers, steps);
  }

  /** One whose elements are broadcast, and that takes so many cycles a frame. */
  Option ofMatrix(LaneLayout layout, Buffering buffering, long cycles) {
    int lanes = layout.clusters() * layout.ports();
    return option(layout, buffering, lanes, lanes, cycles);
  }

  /** The same option, but its runs take so many steps. */
  Option longer(Option option, long steps) {
    return option(option.layout(), option.buffering(), option.lanes(), option.multipliers(), steps);
  }

  private Option option(
      LaneLayout layout, Buffering buffering, int lanes, int multipliers, long steps) {
    return new Option(
        layout,
        buffering,
        lanes,
        multipliers,
        cycles(layout.block(), layout.clusters(), steps),
        busy(layout.block(), steps));
  }

  private long busy(int block, long steps) {
    return Math.max(1, steps) * layer.pixels() / block;
  }

  /** Cycles of a frame; more than the steps take if the results leave slower. */
  private long cycles(int block, int clusters, long steps) {
    long working = busy(block, steps);
    int width = leaving.applyAsInt(clusters);
    long beats = (long) layer.pixels() * layer.outputs().size() / width;
    return width == clusters ? working : Math.max(working, beats);
  }
}
