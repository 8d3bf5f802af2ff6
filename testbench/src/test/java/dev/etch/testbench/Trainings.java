// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.exact.Headroom;
import dev.etch.graph.PartitionedModel;
import dev.etch.hardware.Design;
import dev.etch.hardware.RomContents;
import dev.etch.hardware.Target;
import dev.etch.hardware.WeightImage;
import dev.etch.hardware.WordSource;
import dev.etch.hardware.verilog.LoadableVerilog;
import dev.etch.hardware.verilog.VerilogGenerator;
import dev.etch.lower.Arithmetic;
import dev.etch.lower.Folding;
import dev.etch.lower.LoadedArithmetic;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Networks of one structure, each with the hardware that is made of it alone and its image for that
 * of the first.
 */
final class Trainings {
  static final int FRAMES = 40;
  private static final long SEED = 7;

  final List<ScheduledDesign> designs = new ArrayList<>();
  private final List<Path> folders = new ArrayList<>();
  final List<WeightImage> images = new ArrayList<>();
  private final List<String> structures = new ArrayList<>();

  /**
   * Makes them.
   *
   * @param words of all layers
   * @param buffers of each memory
   */
  static Trainings of(int count, WordSource words, int buffers, Path folder) {
    Headroom headroom = new Headroom(1);
    Trainings trainings = new Trainings();
    Mapping open =
        Mapping.of(Target.GENERIC, Optional.of(new Budget.Multipliers(3)))
            .withReload(new Reload(1, Optional.empty(), Optional.of(buffers)));
    Arithmetic.Analysis any = LoadedArithmetic.within(new Headroom(1));
    Map<String, Folding> layers =
        new HashMap<>(
            Scheduler.schedule(model(1), any, open, new DiagnosticCollector()).mapping().layers());
    layers.computeIfPresent("convolution", (layer, folding) -> folding.withWords(words));
    layers.computeIfPresent("dense", (layer, folding) -> folding.withWords(words));
    trainings.add(1, LoadedArithmetic.within(headroom), open.withLayers(layers), folder);
    for (int seed = 2; seed <= count; seed++) {
      Mapping mapping = trainings.designs.get(0).mapping();
      trainings.add(seed, LoadedArithmetic.within(headroom.limits()), mapping, folder);
    }
    return trainings;
  }

  private void add(long seed, Arithmetic.Analysis analysis, Mapping mapping, Path folder) {
    ScheduledDesign design =
        Scheduler.schedule(model(seed), analysis, mapping, new DiagnosticCollector());
    Path rtl = folder.resolve("rtl" + seed);
    Design built = design.lowered().design();
    VerilogGenerator.generate(
        built, "test", rtl, TestCompiler.DESIGN_HASH, RomContents.IN_VERILOG, mapping.target());
    assertEquals(BuiltMemories.counted(built), BuiltMemories.ofVerilog(rtl));
    designs.add(design);
    folders.add(rtl);
    LoadableVerilog loadable = LoadableVerilog.of(built, TestCompiler.DESIGN_HASH);
    images.add(loadable.image());
    structures.add(loadable.structure());
  }

  String structure(int number) {
    return structures.get(number);
  }

  /** The hardware of the first. */
  VerifiedDesign first() {
    return verified(designs.get(0), folders.get(0));
  }

  SimulatedAccelerator started() {
    return first().started(first().build(FRAMES));
  }

  /** A network with other numbers for each seed, and the same structure. */
  private static PartitionedModel model(long seed) {
    Random random = new Random(seed);
    // The weights of some take fewer bits.
    int most = seed % 2 == 0 ? 12 : 100;
    String text =
        """
        graph "reloaded"
        input %%image : uint8[1, 1, 6, 6]
        %%w1 = constant() {weights = DenseWeights{tensor = int8[2, 1, 3, 3] %s}} : int8[2, 1, 3, 3]
        %%b1 = constant() {weights = DenseWeights{tensor = int32[2] %s}} : int32[2]
        %%sum1 = integerConv2d(%%image, %%w1, %%b1) {window = Window{kernelHeight = 3, kernelWidth = 3, strideHeight = 1, strideWidth = 1, dilationHeight = 1, dilationWidth = 1, padTop = 0, padLeft = 0, padBottom = 0, padRight = 0}, layout = NCHW, groups = 1, inputZeroPoint = 0} : int32[1, 2, 4, 4] named "convolution"
        %%map = requantize(%%sum1) {channels = [ScaleThenRound{scale = %s, zeroPoint = -128, low = -128, high = 127}], channelAxis = 1, output = int8} : int8[1, 2, 4, 4]
        %%pooled = maxPool2d(%%map) {window = Window{kernelHeight = 2, kernelWidth = 2, strideHeight = 2, strideWidth = 2, dilationHeight = 1, dilationWidth = 1, padTop = 0, padLeft = 0, padBottom = 0, padRight = 0}, layout = NCHW} : int8[1, 2, 2, 2] named "pool"
        %%flat = reshape(%%pooled) {shape = [1, 8]} : int8[1, 8]
        %%w2 = constant() {weights = DenseWeights{tensor = int8[3, 8] %s}} : int8[3, 8]
        %%sum2 = integerDense(%%flat, %%w2) {inputZeroPoint = -128} : int32[1, 3] named "dense"
        %%scores = requantize(%%sum2) {channels = [ScaleThenRound{scale = %s, zeroPoint = %d, low = -128, high = 127}], channelAxis = 1, output = int8} : int8[1, 3]
        output %%scores
        """
            .formatted(
                weights(random, 18, most),
                List.of(random.nextInt(101) - 50, random.nextInt(101) - 50),
                scale(random, 0.008),
                weights(random, 24, most),
                scale(random, 0.02),
                random.nextInt(21) - 10);
    DiagnosticCollector diagnostics = new DiagnosticCollector();
    return StandardPasses.prepare(GraphParser.parse("reloaded.etch", text), diagnostics);
  }

  private static String scale(Random random, double about) {
    return Float.toString((float) (about * (0.8 + 0.4 * random.nextDouble())));
  }

  /** A third of them 0, never the same third. */
  private static List<Integer> weights(Random random, int count, int most) {
    List<Integer> weights = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      weights.add(random.nextInt(3) == 0 ? 0 : random.nextInt(2 * most + 1) - most);
    }
    return weights;
  }

  /** Frames for a network. */
  static List<IntegerTensor> frames(ScheduledDesign design) {
    return RandomNetwork.frames(design.lowered().model(), FRAMES, SEED);
  }

  /** A design whose Verilog is in a folder. */
  static VerifiedDesign verified(ScheduledDesign design, Path rtl) {
    VerifyOptions options =
        VerifyOptions.standard(rtl).withPredicted(TestCompiler.predicted(design));
    return new VerifiedDesign(design.lowered(), rtl, options);
  }

  /** What the reference gives for its frames, as the accelerator does. */
  static List<byte[]> expected(ScheduledDesign design) {
    AcceleratorPorts ports = AcceleratorPorts.of(design.lowered());
    VerifiedDesign reference = verified(design, Path.of(""));
    return frames(design).stream()
        .map(frame -> ports.outputs().get(0).pack(reference.expected(frame).get(0)))
        .toList();
  }

  /** Another word, a segment too few, too many words, or the hash of another design. */
  static WeightImage damaged(WeightImage image, int kind, Random random) {
    List<WeightImage.Segment> segments = new ArrayList<>(image.segments());
    int at = random.nextInt(segments.size());
    WeightImage.Segment segment = segments.get(at);
    int[] words = segment.words().clone();
    switch (kind % 4) {
      case 0 -> {
        words[random.nextInt(words.length)] ^= 1 << random.nextInt(8);
        segments.set(at, new WeightImage.Segment(segment.address(), words));
      }
      case 1 -> segments.remove(at);
      case 2 -> segments.add(segment);
      default -> {
        return new WeightImage(image.designHash() ^ 1 << random.nextInt(32), segments);
      }
    }
    return new WeightImage(image.designHash(), segments);
  }
}
