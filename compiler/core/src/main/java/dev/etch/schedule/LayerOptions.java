// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.WindowUnit.Operation;
import dev.etch.lower.WindowLayer;
import dev.etch.lower.WindowLayer.Tap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every way to lay out a window layer's lanes, with the steps a pixel that it takes at least. */
final class LayerOptions {
  /** Shared address sequences a cluster that are worth trying; more only adds memories. */
  private static final int MOST_SHARED_PORTS = 8;

  /**
   * Useful part of the products when pairs of outputs share their addresses, from which on a layer
   * counts as dense: with density d it is 1 / (2 - d), so this stands for about 60 percent.
   */
  private static final double DENSE_PAIR = 0.71;

  /** Copies of the buffer that a dense layer is given at most. */
  private static final int MOST_DENSE_COPIES = 8;

  private final WindowLayer layer;
  private final int[][] places;
  private final int distinctPlaces;
  private final Map<Integer, int[]> unions = new HashMap<>();
  private final List<Option> options = new ArrayList<>();

  /**
   * One layout.
   *
   * @param steps lower bound of the steps of a pixel
   * @param cost what it costs besides lanes: memory ports and drains, in units of a lane
   */
  record Option(int clusters, int ports, int group, boolean shared, long steps, double cost) {
    int lanes() {
      return clusters * ports * group;
    }
  }

  LayerOptions(WindowLayer layer, int mostLanes) {
    this.layer = layer;
    int outputs = layer.outputs().size();
    this.places = new int[outputs][];
    this.distinctPlaces = number(places);
    final boolean dense = multiplies() && isDense();
    final int mostPrivate = dense ? Math.min(mostLanes, MOST_DENSE_COPIES) : mostLanes;
    for (int clusters = 1; clusters <= Math.min(outputs, mostLanes); clusters++) {
      if (outputs % clusters == 0) {
        addPrivate(clusters, mostPrivate);
        if (dense) {
          addShared(clusters, mostLanes);
        }
      }
    }
    options.sort(
        Comparator.comparingInt(Option::lanes)
            .thenComparingDouble(Option::cost)
            .thenComparingLong(Option::steps));
  }

  boolean multiplies() {
    return layer.operation() == Operation.MULTIPLY_ACCUMULATE;
  }

  WindowLayer layer() {
    return layer;
  }

  /** The fewest lanes that do a frame in {@code cycles}; the cheapest of equals. */
  Optional<Option> fewestLanes(long cycles) {
    return options.stream().filter(o -> fits(o, cycles)).findFirst();
  }

  /** The least of lanes and cost together, with at most {@code lanes} lanes. */
  Optional<Option> cheapest(long cycles, int lanes) {
    return options.stream()
        .filter(o -> o.lanes() <= lanes && fits(o, cycles))
        .min(Comparator.comparingDouble(o -> o.lanes() + o.cost()));
  }

  private boolean fits(Option option, long cycles) {
    return option.steps() * layer.pixels() <= cycles;
  }

  /** Each lane skips its own zeros and has its own memory port. */
  private void addPrivate(int clusters, int mostLanes) {
    int perCluster = layer.outputs().size() / clusters;
    long[] totals = new long[clusters];
    for (int o = 0; o < layer.outputs().size(); o++) {
      totals[o % clusters] += layer.outputs().get(o).size();
    }
    long most = Arrays.stream(totals).max().orElseThrow();
    long before = Long.MAX_VALUE;
    for (int ports = 1; clusters * ports <= mostLanes; ports++) {
      long steps = Math.max(ceil(most, ports), perCluster + ports - 1L);
      if (steps >= before) {
        return;
      }
      before = steps;
      double cost = 0.25 * clusters * ports + 0.1 * clusters;
      options.add(new Option(clusters, ports, 1, false, Math.max(1, steps), cost));
    }
  }

  /** All lanes of a group, in all clusters, read the same elements; zeros of one are multiplied. */
  private void addShared(int clusters, int mostLanes) {
    int perCluster = layer.outputs().size() / clusters;
    for (int group = 1; group <= perCluster && clusters * group <= mostLanes; group++) {
      if (group > 1 && ceil(perCluster, group) == ceil(perCluster, group - 1)) {
        continue;
      }
      long total = sharedTotal(clusters * group, group);
      for (int ports = 1; ports <= MOST_SHARED_PORTS; ports++) {
        if (clusters * group * ports > mostLanes) {
          break;
        }
        long steps = Math.max(ceil(total, ports), perCluster + (ports - 1L) * group);
        double cost = 0.25 * ports + 0.1 * clusters;
        options.add(new Option(clusters, ports, group, true, Math.max(1, steps), cost));
      }
    }
  }

  /** Steps of all groups of {@code block} neighbouring outputs, each over the union of its taps. */
  private long sharedTotal(int block, int group) {
    long total = 0;
    for (int size : unions.computeIfAbsent(block, this::unionSizes)) {
      total += size == 0 ? 0 : Math.max(size, group);
    }
    return total;
  }

  private int[] unionSizes(int block) {
    int[] sizes = new int[(int) ceil(places.length, block)];
    int[] seenIn = new int[distinctPlaces];
    for (int o = 0; o < places.length; o++) {
      for (int place : places[o]) {
        if (seenIn[place] != o / block + 1) {
          seenIn[place] = o / block + 1;
          sizes[o / block]++;
        }
      }
    }
    return sizes;
  }

  private int number(int[][] numbered) {
    Map<Long, Integer> numbers = new HashMap<>();
    for (int o = 0; o < numbered.length; o++) {
      List<Tap> taps = layer.outputs().get(o);
      numbered[o] = new int[taps.size()];
      for (int i = 0; i < numbered[o].length; i++) {
        Tap tap = taps.get(i);
        long place = (((long) tap.row() << 16 | tap.column()) << 32) | tap.channel();
        numbered[o][i] = numbers.computeIfAbsent(place, unused -> numbers.size());
      }
    }
    return numbers.size();
  }

  /** Whether two neighbouring outputs read mostly the same elements. */
  private boolean isDense() {
    return layer.taps() > DENSE_PAIR * 2 * sharedTotal(2, 1);
  }

  private static long ceil(long number, long divisor) {
    return (number + divisor - 1) / divisor;
  }
}
