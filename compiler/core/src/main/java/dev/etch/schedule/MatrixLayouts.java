// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.MatrixUnit;
import dev.etch.lower.Addressing;
import dev.etch.lower.LaneLayout;
import dev.etch.lower.WindowLayer;
import dev.etch.lower.WindowLayer.Tap;
import dev.etch.schedule.LayerOptions.Option;
import java.util.ArrayList;
import java.util.List;

/** The ways to lay out a dense layer whose elements are broadcast to lanes of its own. */
final class MatrixLayouts {
  /** Outputs that leave side by side at most. */
  private static final int MOST_CLUSTERS = 8;

  private MatrixLayouts() {}

  /**
   * All of them, with lower bounds of their cycles.
   *
   * @param mostMultipliers lanes at most
   */
  static List<Option> of(WindowLayer layer, int mostMultipliers, LayerPace pace) {
    List<Option> options = new ArrayList<>();
    int outputs = layer.outputs().size();
    if (!layer.isMatrix()) {
      return options;
    }
    for (int clusters = 1; clusters <= Math.min(MOST_CLUSTERS, outputs); clusters++) {
      if (outputs % clusters == 0) {
        add(layer, clusters, mostMultipliers, pace, options);
      }
    }
    return options;
  }

  private static void add(
      WindowLayer layer, int clusters, int mostMultipliers, LayerPace pace, List<Option> options) {
    int perCluster = layer.outputs().size() / clusters;
    int before = Integer.MAX_VALUE;
    for (int lanes = 1; lanes <= perCluster && lanes * clusters <= mostMultipliers; lanes++) {
      int steps = steps(layer, lanes * clusters);
      if (steps < before) {
        before = steps;
        LaneLayout layout = new LaneLayout(1, 1, clusters, lanes, 1, Addressing.BROADCAST);
        for (boolean ahead : new boolean[] {false, true}) {
          int cycles = MatrixUnit.cyclesPerFrame(steps, perCluster, ahead);
          options.add(pace.ofMatrix(layout, ahead, cycles));
        }
      }
    }
  }

  /** Steps at least: an element is fed a step, and each lane makes a product. */
  private static int steps(WindowLayer layer, int lanes) {
    long longest = layer.outputs().stream().mapToInt(List<Tap>::size).max().orElse(0);
    long balanced = (layer.taps() + lanes - 1) / lanes;
    return (int) Math.max(layer.frame().elements(), Math.max(balanced, longest));
  }
}
