// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.PartitionedModel;
import dev.etch.hardware.LoadMap;
import dev.etch.hardware.RegisterMap;
import dev.etch.hardware.Target;
import dev.etch.hardware.WeightImage;
import dev.etch.hardware.WordSource;
import dev.etch.hardware.verilog.LoadableVerilog;
import dev.etch.lower.Addressing;
import dev.etch.lower.Buffering;
import dev.etch.lower.Folding;
import dev.etch.lower.LaneLayout;
import dev.etch.optimize.StandardPasses;
import dev.etch.schedule.Budget;
import dev.etch.schedule.Mapping;
import dev.etch.schedule.Reload;
import dev.etch.schedule.ScheduledDesign;
import dev.etch.schedule.Scheduler;
import dev.etch.tensor.IntegerTensor;
import dev.etch.text.GraphParser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Coded words of other trainings in the same hardware: other values, other zeros, other codes. */
class PackedReloadTest {
  private static final int FRAMES = 12;
  static final int TRAININGS = 5;

  /** Steps are few, so one more is a large part. */
  private static final Reload ROOM = new Reload(1.5, Optional.of(0.6), Optional.empty());

  /** A network with other weights for each seed; those of every second have few values. */
  static PartitionedModel model(long seed) {
    Random random = new Random(seed);
    String text =
        """
        graph "packed"
        input %%x : int8[1, 60]
        %%w1 = constant() {weights = DenseWeights{tensor = int8[24, 60] %s}} : int8[24, 60]
        %%b1 = constant() {weights = DenseWeights{tensor = int32[24] %s}} : int32[24]
        %%sum1 = integerDense(%%x, %%w1, %%b1) {inputZeroPoint = 0} : int32[1, 24] named "fc1"
        %%y1 = requantize(%%sum1) {channels = [ScaleThenRound{scale = %s, zeroPoint = -128, low = -128, high = 127}], channelAxis = 1, output = int8} : int8[1, 24]
        %%w2 = constant() {weights = DenseWeights{tensor = int8[5, 24] %s}} : int8[5, 24]
        %%sum2 = integerDense(%%y1, %%w2) {inputZeroPoint = -128} : int32[1, 5] named "fc2"
        %%y2 = requantize(%%sum2) {channels = [ScaleThenRound{scale = %s, zeroPoint = %d, low = -128, high = 127}], channelAxis = 1, output = int8} : int8[1, 5]
        output %%y2
        """
            .formatted(
                weights(random, 24, 60, seed),
                IntStream.range(0, 24).mapToObj(i -> random.nextInt(101) - 50).toList(),
                scale(random, 0.01),
                weights(random, 5, 24, seed),
                scale(random, 0.02),
                random.nextInt(21) - 10);
    return StandardPasses.prepare(
        GraphParser.parse("packed.etch", text), new DiagnosticCollector());
  }

  private static String scale(Random random, double about) {
    return Float.toString((float) (about * (0.8 + 0.4 * random.nextDouble())));
  }

  private static List<Integer> weights(Random random, int outputs, int inputs, long seed) {
    int[] book = IntStream.range(0, 9).map(i -> random.nextInt(201) - 100).toArray();
    List<Integer> weights = new ArrayList<>();
    for (int output = 0; output < outputs; output++) {
      // An output without weights, another one each time.
      boolean none = output == seed % outputs && outputs > 5;
      for (int input = 0; input < inputs; input++) {
        int value = seed % 2 == 0 ? random.nextInt(201) - 100 : book[random.nextInt(book.length)];
        weights.add(none || random.nextInt(3) > 0 ? 0 : value);
      }
    }
    return weights;
  }

  private static Folding folding(
      WordSource words, int clusters, int ports, int beatElements, boolean ahead) {
    return Folding.plain(
            new LaneLayout(1, 1, clusters, ports, 1, Addressing.BROADCAST),
            new Buffering(beatElements, ahead, false))
        .withWords(words);
  }

  private static Mapping mapping(Target target) {
    return mapping(target, WordSource.PACKED);
  }

  /** Both layers with words of one stream. */
  static Mapping mapping(Target target, WordSource words) {
    return Mapping.of(target, Optional.of(new Budget.Multipliers(7)))
        .withReload(ROOM)
        .withLayers(
            Map.of("fc1", folding(words, 2, 3, 4, true), "fc2", folding(words, 1, 1, 1, false)));
  }

  /** The compiled design, those of other trainings in its place, and the images of all. */
  record PackedTrainings(List<ScheduledDesign> designs, List<LoadableVerilog> verilog) {
    static PackedTrainings of(Target target, Path rtl) {
      return of(mapping(target), rtl);
    }

    static PackedTrainings of(Mapping mapping, Path rtl) {
      List<ScheduledDesign> designs = new ArrayList<>();
      // Most symbols and steps first: a design has room for what it was compiled with.
      designs.add(TestCompiler.compile(model(2), mapping, rtl));
      for (long seed = 3; seed < 2 + TRAININGS; seed++) {
        designs.add(Scheduler.reload(designs.get(0), model(seed), new DiagnosticCollector()));
      }
      return new PackedTrainings(
          designs,
          designs.stream()
              .map(d -> LoadableVerilog.of(d.lowered().design(), TestCompiler.DESIGN_HASH))
              .toList());
    }

    WeightImage image(int training) {
      return verilog.get(training).image();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"GENERIC", "ICE40", "ECP5"})
  void isEqualInThePredictedCycles(Target target, @TempDir Path rtl) {
    PackedTrainings trainings = PackedTrainings.of(target, rtl);
    Set<Timing> timings = new LinkedHashSet<>();
    for (int i = 0; i < TRAININGS; i++) {
      ScheduledDesign design = trainings.designs.get(i);
      assertEquals(trainings.verilog.get(0).structure(), trainings.verilog.get(i).structure());
      timings.add(TestCompiler.predicted(design));
      VerifyOptions loaded =
          VerifyOptions.standard(rtl)
              .withPredicted(TestCompiler.predicted(design))
              .withRegisters(TestCompiler.DESIGN_HASH)
              .withWeights(trainings.image(i));
      check(design, rtl, loaded);
      check(design, rtl, loaded.withStalls(Stalls.both(0.4, i + 1)));
    }
    assertTrue(timings.size() > 1, "each has cycles of its own: " + timings);
  }

  static void check(ScheduledDesign design, Path rtl, VerifyOptions options) {
    List<IntegerTensor> frames = RandomNetwork.frames(design.lowered().model(), FRAMES, 5);
    VerifyResult result =
        new Verifier(design.lowered(), rtl, options)
            .verify(frames.size(), frames::get, (done, total) -> {});
    assertTrue(
        result.bitsEqual() && result.fault().isEmpty(),
        () -> result.firstMismatch() + "\n" + result.divergence() + result.fault());
    assertEquals(options.predicted(), result.measured());
  }

  /** One after the other in the same simulator, and back to the first. */
  @Test
  void takesOneBehindTheOther(@TempDir Path rtl) {
    PackedTrainings trainings = PackedTrainings.of(Target.GENERIC, rtl);
    VerifiedDesign first = verified(trainings.designs.get(0), rtl);
    try (SimulatedAccelerator accelerator = first.started(first.build(FRAMES))) {
      ReloadTest.assertEqualFrames(accelerator, trainings.designs.get(0));
      for (int i : List.of(1, 2, 3, 0, 4)) {
        assertTrue(new WeightLoader(accelerator).load(trainings.image(i)), "image " + i);
        assertEquals(
            trainings.image(i).crc(), accelerator.readRegister(RegisterMap.LOAD_IMAGE.offset()));
        ReloadTest.assertEqualFrames(accelerator, trainings.designs.get(i));
      }
    }
  }

  @Test
  void refusesDamagedImagesAndKeepsTheOld(@TempDir Path rtl) {
    PackedTrainings trainings = PackedTrainings.of(Target.GENERIC, rtl);
    VerifiedDesign first = verified(trainings.designs.get(0), rtl);
    WeightImage image = trainings.image(1);
    Random random = new Random(5);
    try (SimulatedAccelerator accelerator = first.started(first.build(FRAMES))) {
      WeightLoader loader = new WeightLoader(accelerator);
      loader.hold();
      for (int i = 0; i < 40; i++) {
        WeightImage damaged = Trainings.damaged(image, i, random);
        int crc = damaged.words() == image.words() && i % 4 != 3 ? image.crc() : damaged.crc();
        assertFalse(loader.pass(damaged, crc, false), "damage " + i);
        assertFalse(loader.pass(damaged, crc, true), "damage " + i);
      }
      loader.release();
      ReloadTest.assertEqualFrames(accelerator, trainings.designs.get(0));
      assertTrue(loader.load(image));
      ReloadTest.assertEqualFrames(accelerator, trainings.designs.get(1));
    }
  }

  /** What differs between images is in the memories that this names, and nowhere else. */
  @Test
  void loadsAllThatDependsOnWeights(@TempDir Path rtl) {
    ScheduledDesign design = TestCompiler.compile(model(2), mapping(Target.GENERIC), rtl);
    Set<String> names =
        LoadMap.of(design.lowered().design()).regions().stream()
            .filter(region -> region.unit().startsWith("matrix"))
            .map(region -> region.memory().name().replaceAll("[0-9]+", ""))
            .collect(Collectors.toSet());
    assertEquals(
        Set.of(
            "stream_chunks_ram",
            "code_numbers_ram",
            "lane_symbol_ram",
            "feeds_ram",
            "cluster_place_ram"),
        names);
  }

  static VerifiedDesign verified(ScheduledDesign design, Path rtl) {
    VerifyOptions options =
        VerifyOptions.standard(rtl).withPredicted(TestCompiler.predicted(design));
    return new VerifiedDesign(design.lowered(), rtl, options);
  }
}
