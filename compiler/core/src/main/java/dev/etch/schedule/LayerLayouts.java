// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.Packing;
import dev.etch.hardware.Packing.Common;
import dev.etch.lower.Addressing;
import dev.etch.lower.Buffering;
import dev.etch.lower.LaneLayout;
import dev.etch.lower.UnequalPorts;
import dev.etch.lower.WindowLayer;
import dev.etch.lower.WindowLayer.Tap;
import dev.etch.schedule.LayerOptions.Option;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds every way to lay out a window layer's lanes, with the steps that it takes at least. */
final class LayerLayouts {
  /** Copies of the buffer that a dense layer may always have. */
  private static final int FEW_COPIES = 8;

  /** Copies that are worth trying; more only adds memories. */
  private static final int MANY_COPIES = 64;

  /** Elements in all copies of a dense layer's buffer, if these are more than a few. */
  private static final int COPIED_ELEMENTS = 1 << 16;

  /**
   * Useful part of the products when pairs of outputs share their addresses, from which on a layer
   * counts as dense: with density d it is 1 / (2 - d), so this stands for about 60 percent.
   */
  private static final double DENSE_PAIR = 0.71;

  /** Pixels of a block at most: a schedule of 8 times 8 steps wastes little already. */
  private static final int MOST_BLOCK = 8;

  /** Products of a block at most, so that its weights stay small. */
  private static final long BLOCK_PRODUCTS = 1 << 14;

  /** The same for dense layers, whose lanes are usually balanced without blocks. */
  private static final long DENSE_BLOCK_PRODUCTS = 1 << 12;

  private final WindowLayer layer;
  private final int products;
  private final int productsOfWeight;
  private final boolean hasCopies;
  private final LayerPace pace;
  private final int[][] places;
  private final int distinctPlaces;
  private final Map<Integer, int[]> unions = new HashMap<>();
  private final List<Option> options = new ArrayList<>();

  private LayerLayouts(
      WindowLayer layer, List<Packing> packings, boolean hasCopies, LayerPace pace) {
    this.layer = layer;
    this.products = products(packings, Common.ELEMENT);
    this.productsOfWeight = products(packings, Common.WEIGHT);
    this.hasCopies = hasCopies && layer.hasWeights() && layer.room().isEmpty();
    this.pace = pace;
    this.places = new int[layer.outputs().size()][];
    this.distinctPlaces = number(places);
  }

  /**
   * All layouts.
   *
   * @param packings the ways in which products can share multipliers
   * @param mostMultipliers multipliers at most; lanes, if they do not multiply
   * @param hasCopies whether there are layouts with copies
   */
  static List<Option> of(
      WindowLayer layer,
      List<Packing> packings,
      int mostMultipliers,
      boolean hasCopies,
      LayerPace pace) {
    LayerLayouts layouts = new LayerLayouts(layer, packings, hasCopies, pace);
    layouts.addAll(mostMultipliers);
    return layouts.options;
  }

  private static int products(List<Packing> packings, Common common) {
    return packings.stream()
        .filter(packing -> packing.common() == common)
        .mapToInt(Packing::products)
        .max()
        .orElse(1);
  }

  private void addAll(int mostMultipliers) {
    int outputs = layer.outputs().size();
    boolean dense = layer.hasWeights() && isDense();
    int mostLanes =
        (int)
            Math.min(
                Integer.MAX_VALUE, (long) mostMultipliers * Math.max(products, productsOfWeight));
    int mostPrivate = dense ? mostCopies() : Integer.MAX_VALUE;
    for (Block block : blocks(dense)) {
      int different = block.copies > 1 ? outputs : outputs * block.pixels;
      for (int clusters = 1; clusters <= Math.min(different, mostLanes); clusters++) {
        if (different % clusters == 0) {
          addPrivate(block, clusters, mostPrivate, mostMultipliers);
          if (dense && outputs % clusters == 0) {
            addShared(block, clusters, mostMultipliers);
          }
        }
      }
    }
  }

  /**
   * Pixels that one run of the schedule makes.
   *
   * @param copies of them that take the same words
   */
  private record Block(int pixels, int copies) {
    /** Pixels whose weights are in the schedule. */
    int scheduled() {
      return pixels / copies;
    }
  }

  private List<Block> blocks(boolean dense) {
    List<Block> blocks = new ArrayList<>();
    int most = mostBlock(dense);
    for (int pixels = 1; pixels <= Math.min(MOST_BLOCK, layer.outputWidth()); pixels++) {
      for (int copies = 1; copies <= (hasCopies ? pixels : 1); copies++) {
        if (layer.outputWidth() % pixels == 0 && pixels % copies == 0 && pixels / copies <= most) {
          blocks.add(new Block(pixels, copies));
        }
      }
    }
    return blocks;
  }

  /** The most pixels whose products the schedule's memories may hold. */
  private int mostBlock(boolean dense) {
    if (!layer.hasWeights()) {
      return 1;
    }
    long room = (dense ? DENSE_BLOCK_PRODUCTS : BLOCK_PRODUCTS) / Math.max(1, layer.taps());
    return (int) Math.max(1, Math.min(room, Math.min(MOST_BLOCK, layer.outputWidth())));
  }

  /** Address sequences of a dense layer, each of which takes a copy of the buffer. */
  private int mostCopies() {
    int copies = COPIED_ELEMENTS / layer.buffer(LaneLayout.SINGLE, Buffering.LEAST).depth();
    return Math.max(FEW_COPIES, Math.min(MANY_COPIES, copies));
  }

  /** Each lane skips its own zeros and has its own memory port. */
  private void addPrivate(Block block, int clusters, int mostLanes, int mostMultipliers) {
    int outputs = layer.outputs().size();
    int perCluster = outputs * block.pixels / clusters;
    long[] loads = new long[clusters];
    for (int o = 0; o < outputs * block.pixels; o++) {
      loads[o % clusters] += layer.outputs().get(o % outputs).size();
    }
    if (layer.room().isPresent()) {
      // Other weights may be anywhere.
      Arrays.fill(loads, Arrays.stream(loads).max().orElseThrow());
    }
    UnequalPorts unequal = new UnequalPorts(loads, perCluster, block.copies);
    long before = Long.MAX_VALUE;
    for (int ports = 1; perCluster + (ports - 1L) * block.copies < before; ports++) {
      long steps = unequal.steps(ports);
      if (steps >= before) {
        continue;
      }
      int lanes =
          (layer.room().isPresent() ? clusters * ports : Arrays.stream(unequal.of(ports)).sum())
              * block.copies;
      int multipliers = lanes / block.copies * (int) ceil(block.copies, productsOfWeight);
      if (lanes > mostLanes || multipliers > mostMultipliers) {
        return;
      }
      before = steps;
      LaneLayout layout =
          new LaneLayout(block.pixels, block.copies, clusters, ports, 1, Addressing.OWN);
      options.add(pace.option(layout, lanes, multipliers, withRoom(steps)));
    }
  }

  /**
   * All lanes of a group, in all clusters, read the same elements; zeros of one are multiplied. The
   * outputs that do so are of one pixel, also in a block of several.
   */
  private void addShared(Block block, int clusters, int mostMultipliers) {
    int outputs = layer.outputs().size();
    int perCluster = outputs / clusters;
    int mostPorts = mostCopies() / block.copies;
    for (int group = 1;
        group <= perCluster && sharing(block, clusters * group) <= mostMultipliers;
        group++) {
      boolean whole = perCluster % group == 0;
      if (group > 1 && ceil(perCluster, group) == ceil(perCluster, group - 1)) {
        continue;
      }
      if (block.pixels > 1 && !whole) {
        continue;
      }
      int lanesPerPort = group * block.copies;
      long total = block.scheduled() * sharedTotal(clusters * group, lanesPerPort);
      for (int ports = 1; ports <= mostPorts; ports++) {
        int multipliers = ports * sharing(block, clusters * group);
        if (multipliers > mostMultipliers) {
          break;
        }
        int lanes = clusters * lanesPerPort * ports;
        long left = (long) perCluster * block.pixels + (ports - 1L) * lanesPerPort;
        long steps = Math.max(ceil(total, ports), left);
        LaneLayout layout =
            new LaneLayout(block.pixels, block.copies, clusters, ports, group, Addressing.SHARED);
        options.add(pace.option(layout, lanes, multipliers, withRoom(steps)));
      }
    }
  }

  /** Multipliers of lanes that read the same element for each copy. */
  private int sharing(Block block, int lanes) {
    long ofElement = block.copies * ceil(lanes, products);
    long ofWeight = lanes * ceil(block.copies, productsOfWeight);
    return (int) Math.min(Integer.MAX_VALUE, Math.min(ofElement, ofWeight));
  }

  private long withRoom(long steps) {
    return layer.room().map(room -> room.steps(steps)).orElse(steps);
  }

  /**
   * Steps of all groups of neighbouring outputs, each over the union of its taps.
   *
   * @param outputs of a group
   * @param lanesPerPort whose results leave one by one
   */
  private long sharedTotal(int outputs, int lanesPerPort) {
    long total = 0;
    for (int size : unions.computeIfAbsent(outputs, this::unionSizes)) {
      total += size == 0 ? 0 : Math.max(size, lanesPerPort);
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
