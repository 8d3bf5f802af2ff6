// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.hardware.ExternalMemory;
import dev.etch.hardware.MatrixNetlist;
import dev.etch.hardware.MatrixStream;
import dev.etch.hardware.Unit;
import dev.etch.hardware.WindowUnit;
import dev.etch.hardware.WordSource;
import dev.etch.lower.Addressing;
import dev.etch.lower.Buffering;
import dev.etch.lower.Folding;
import dev.etch.lower.FrameBeats;
import dev.etch.lower.LaneLayout;
import dev.etch.lower.ProductForm;
import dev.etch.lower.RescalingForm;
import dev.etch.lower.SharedLayers;
import dev.etch.schedule.Mapping;
import dev.etch.schedule.ScheduledDesign;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Other foldings of a design's layers than the best ones: every part of them at random, arrays too.
 */
final class RandomFoldings {
  private static final int MOST_PIXELS = 8;
  private static final int MOST_PORTS = 4;
  private static final int MOST_GROUP = 3;

  static final List<Integer> BUSES = List.of(64, 128, 256, 512);

  /** Elements that a beat of a matrix may have. */
  static final List<Integer> MATRIX_BEATS =
      IntStream.iterate(1, e -> e <= MatrixNetlist.MOST_BEAT_ELEMENTS, e -> 2 * e).boxed().toList();

  private static final int MOST_LATENCY = 100;
  private static final int MOST_CYCLES_OF_BEAT = 3;
  private static final int MOST_REFRESH_BEATS = 200;

  private RandomFoldings() {}

  /**
   * A mapping that differs from the design's in every window.
   *
   * @param circulant sizes of the circulant blocks of layers that have some
   */
  static Mapping of(ScheduledDesign design, Map<String, Integer> circulant, Random random) {
    Map<String, Folding> layers = new LinkedHashMap<>(design.mapping().layers());
    for (Unit unit : design.lowered().design().units()) {
      if (unit instanceof WindowUnit window) {
        boolean outside = design.lowered().design().buffers() == 1;
        layers.compute(
            window.layer(),
            (layer, folding) ->
                circulant.containsKey(layer) && random.nextInt(3) > 0
                    ? ofBlocks(window, circulant.get(layer), random)
                    : folding(window, folding, outside, random));
      }
    }
    return design
        .mapping()
        .withMemory(memory(random))
        .withLayers(layers)
        .withArrays(arrays(design, layers, random));
  }

  static ExternalMemory memory(Random random) {
    int latency = 1 + random.nextInt(MOST_LATENCY);
    int ofBeat = 1 + random.nextInt(Math.min(MOST_CYCLES_OF_BEAT, latency + 1));
    return new ExternalMemory(
        BUSES.get(random.nextInt(BUSES.size())),
        latency,
        ofBeat,
        1 + random.nextInt(MOST_REFRESH_BEATS),
        random.nextInt(latency + 2 - ofBeat));
  }

  /** Each layer that has multipliers in one of two arrays, or in none. */
  private static List<SharedLayers> arrays(
      ScheduledDesign design, Map<String, Folding> foldings, Random random) {
    List<List<String>> arrays = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (Unit unit : design.lowered().design().units()) {
      if (unit instanceof WindowUnit window
          && window.operation() == WindowUnit.Operation.MULTIPLY_ACCUMULATE) {
        int array = Math.min(2, random.nextInt(5) / 2);
        Folding folding = foldings.get(window.layer());
        boolean joins =
            folding.products() == ProductForm.MULTIPLIERS
                && !folding.layout().isBroadcast()
                && folding.words() != WordSource.EXTERNAL;
        arrays.get(joins ? array : 2).add(window.layer());
      }
    }
    return arrays.subList(0, 2).stream()
        .filter(layers -> layers.size() > 1)
        .map(layers -> new SharedLayers(layers, Optional.empty()))
        .toList();
  }

  /**
   * @param outside whether weights that are loaded may be in a memory outside
   */
  private static Folding folding(WindowUnit unit, Folding before, boolean outside, Random random) {
    int columns = unit.walk().outputWidth() * before.layout().block();
    int outputs =
        unit.program().clusters().size()
            * unit.program().outputsPerCluster()
            / before.layout().block();
    int block = divisor(columns, MOST_PIXELS, random);
    int copies = random.nextInt(4) > 0 ? divisor(block, block, random) : 1;
    int different = copies > 1 ? outputs : block * outputs;
    int clusters = divisor(different, different, random);
    WindowUnit.Operation operation = unit.operation();
    boolean multiplies = operation == WindowUnit.Operation.MULTIPLY_ACCUMULATE;
    boolean weights = multiplies || operation == WindowUnit.Operation.DOT;
    int channels = before.buffering().inputElements() * unit.buffer().beatsPerPixel();
    int ports = 1 + random.nextInt(MOST_PORTS);
    boolean constant = multiplies && unit.program().loaded().isEmpty();
    boolean broadcasts = constant || clusters * ports <= MatrixStream.MOST_LANES;
    if (multiplies && broadcasts && isMatrix(unit, columns) && random.nextInt(3) > 0) {
      return Folding.plain(
              new LaneLayout(1, 1, clusters, ports, 1, Addressing.BROADCAST),
              new Buffering(matrixBeat(elements(unit), ports), random.nextBoolean(), false))
          .withWords(
              constant
                  ? matrixWords(clusters * ports, random)
                  : loadedWords(outside, elements(unit) + ports));
    }
    int group = weights ? 1 + random.nextInt(MOST_GROUP) : 1;
    int elements =
        operation == WindowUnit.Operation.DOT
            ? before.buffering().inputElements()
            : divisor(channels, channels, random);
    boolean shared = weights && random.nextBoolean();
    LaneLayout layout =
        new LaneLayout(
            block, copies, clusters, ports, group, shared ? Addressing.SHARED : Addressing.OWN);
    boolean banked =
        operation != WindowUnit.Operation.DOT && layout.canBank(elements) && random.nextInt(4) > 0;
    boolean loads = unit.program().loaded().isPresent() && copies == 1 && random.nextInt(3) > 0;
    return new Folding(
        layout,
        loads ? WordSource.LOADED : windowWords(unit, clusters * ports),
        Optional.empty(),
        new Buffering(elements, random.nextBoolean(), banked),
        constant && random.nextBoolean() ? ProductForm.ADDERS : ProductForm.MULTIPLIERS,
        random.nextBoolean() ? RescalingForm.MULTIPLIER : RescalingForm.ADDERS);
  }

  /** As many lanes as a whole number of groups has. */
  private static Folding ofBlocks(WindowUnit unit, int size, Random random) {
    int outputs = unit.program().clusters().size() * unit.program().outputsPerCluster();
    int clusters = Math.min(size, Integer.lowestOneBit(outputs)) >> random.nextInt(2);
    int lanes = size / Math.max(1, clusters) * (1 + random.nextInt(2));
    LaneLayout layout = new LaneLayout(1, 1, Math.max(1, clusters), lanes, 1, Addressing.BROADCAST);
    Buffering buffering =
        new Buffering(matrixBeat(elements(unit), size), random.nextBoolean(), false);
    return Folding.plain(layout, buffering).withWords(WordSource.ROTATED);
  }

  private static int elements(WindowUnit unit) {
    return unit.input().type().elements() * unit.input().beatsPerFrame();
  }

  /**
   * Elements of a beat of a matrix, apart from the other random numbers: these stay as they are.
   *
   * @param elements of a frame
   */
  static int matrixBeat(int elements, long seed) {
    List<Integer> fitting =
        MATRIX_BEATS.stream().filter(each -> FrameBeats.fit(elements, each)).toList();
    return fitting.get(new SplittableRandom(seed + elements).nextInt(fitting.size()));
  }

  /** Whether it makes one pixel of a frame without padding. */
  private static boolean isMatrix(WindowUnit unit, int columns) {
    return columns * unit.walk().outputHeight() == 1
        && unit.buffer().paddedBeats() == unit.input().beatsPerFrame();
  }

  private static WordSource matrixWords(int lanes, Random random) {
    if (lanes <= MatrixStream.MOST_LANES && random.nextInt(4) > 0) {
      // Most has to be drawn of the memory.
      return random.nextInt(3) > 0 ? WordSource.EXTERNAL : WordSource.PACKED;
    }
    return random.nextInt(2) > 0 ? WordSource.CODED : WordSource.ROM;
  }

  /** Apart from the other random numbers: these stay as they are. */
  private static WordSource windowWords(WindowUnit unit, long seed) {
    boolean constant = unit.hasWeights() && unit.program().loaded().isEmpty();
    return constant && new SplittableRandom(seed + elements(unit)).nextInt(3) == 0
        ? WordSource.EXTERNAL
        : WordSource.ROM;
  }

  /** Apart from the other random numbers: these stay as they are. */
  private static WordSource loadedWords(boolean outside, long seed) {
    return outside && new SplittableRandom(seed).nextBoolean()
        ? WordSource.EXTERNAL
        : WordSource.PACKED;
  }

  private static int divisor(int number, int most, Random random) {
    int divisor = 1 + random.nextInt(most);
    while (number % divisor != 0) {
      divisor = 1 + random.nextInt(most);
    }
    return divisor;
  }
}
