// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.MatrixUnit;
import dev.etch.lower.Addressing;
import dev.etch.lower.Buffering;
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
      for (int each = 1; outputs % clusters == 0 && layer.takesBeats(each); each *= 2) {
        add(layer, clusters, each, mostMultipliers, pace, options);
      }
    }
    return options;
  }

  /** Those with so many elements a beat that would wait for their elements with half as many. */
  private static void add(
      WindowLayer layer,
      int clusters,
      int each,
      int mostMultipliers,
      LayerPace pace,
      List<Option> options) {
    int perCluster = layer.outputs().size() / clusters;
    int before = Integer.MAX_VALUE;
    for (int lanes = 1; lanes <= perCluster && lanes * clusters <= mostMultipliers; lanes++) {
      int products = products(layer, lanes * clusters);
      int steps = Math.max(layer.frame().elements() / each, products);
      boolean waits = each == 1 || layer.frame().elements() / (each / 2) > products;
      if (waits && steps < before) {
        before = steps;
        LaneLayout layout = new LaneLayout(1, 1, clusters, lanes, 1, Addressing.BROADCAST);
        for (boolean ahead : new boolean[] {false, true}) {
          int cycles = MatrixUnit.cyclesPerFrame(steps, perCluster, ahead);
          options.add(pace.ofMatrix(layout, new Buffering(each, ahead, false), cycles));
        }
      }
    }
  }

  /** Products at least of the lane that has the most. */
  private static int products(WindowLayer layer, int lanes) {
    long longest = layer.outputs().stream().mapToInt(List<Tap>::size).max().orElse(0);
    long balanced = (layer.taps() + lanes - 1) / lanes;
    return (int) Math.max(balanced, longest);
  }
}
