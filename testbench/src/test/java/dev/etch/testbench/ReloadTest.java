// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.exact.Headroom;
import dev.etch.graph.PartitionedModel;
import dev.etch.hardware.RegisterMap;
import dev.etch.hardware.RomContents;
import dev.etch.hardware.Target;
import dev.etch.hardware.WeightImage;
import dev.etch.hardware.verilog.VerilogGenerator;
import dev.etch.hardware.verilog.WeightImages;
import dev.etch.lower.LoadedArithmetic;
import dev.etch.optimize.StandardPasses;
import dev.etch.schedule.Budget;
import dev.etch.schedule.Mapping;
import dev.etch.schedule.ScheduledDesign;
import dev.etch.schedule.Scheduler;
import dev.etch.tensor.IntegerTensor;
import dev.etch.text.GraphParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights of other trainings in the same hardware. */
class ReloadTest {
  private static final int FRAMES = 40;

  /** A network with other numbers for each seed, and the same structure. */
  private static PartitionedModel model(long seed) {
    Random random = new Random(seed);
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
                weights(random, 18),
                List.of(random.nextInt(101) - 50, random.nextInt(101) - 50),
                scale(random, 0.008),
                weights(random, 24),
                scale(random, 0.02),
                random.nextInt(21) - 10);
    DiagnosticCollector diagnostics = new DiagnosticCollector();
    return StandardPasses.prepare(GraphParser.parse("reloaded.etch", text), diagnostics);
  }

  private static String scale(Random random, double about) {
    return Float.toString((float) (about * (0.8 + 0.4 * random.nextDouble())));
  }

  /** A third of them 0, never the same third. */
  private static List<Integer> weights(Random random, int count) {
    List<Integer> weights = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      weights.add(random.nextInt(3) == 0 ? 0 : random.nextInt(201) - 100);
    }
    return weights;
  }

  @Test
  void takesOtherWeightsAndNothingElse(@TempDir Path folder) throws IOException {
    Headroom headroom = new Headroom(1);
    Mapping open = Mapping.of(Target.GENERIC, Optional.of(new Budget.Multipliers(3)));
    ScheduledDesign first = schedule(model(1), LoadedArithmetic.within(headroom), open);
    Path rtl = folder.resolve("rtl");
    generate(first, rtl);
    List<ScheduledDesign> all = new ArrayList<>(List.of(first));
    List<WeightImage> images = new ArrayList<>(List.of(image(first, rtl)));
    for (int seed = 2; seed <= 4; seed++) {
      ScheduledDesign other =
          schedule(model(seed), LoadedArithmetic.within(headroom.limits()), first.mapping());
      Path own = folder.resolve("rtl" + seed);
      generate(other, own);
      assertEquals(WeightImages.structure(rtl), WeightImages.structure(own));
      assertEquals(first.prediction(), other.prediction());
      all.add(other);
      images.add(image(other, own));
    }
    VerifiedDesign built = verified(first, rtl);
    try (SimulatedAccelerator accelerator = VerifiedDesign.started(built.build(FRAMES))) {
      assertEqualFrames(accelerator, all.get(0));
      for (int i : List.of(1, 2, 3, 0)) {
        assertTrue(new WeightLoader(accelerator).load(images.get(i)), "image " + i);
        assertEquals(
            images.get(i).crc(), accelerator.readRegister(RegisterMap.LOAD_IMAGE.offset()));
        assertEqualFrames(accelerator, all.get(i));
      }
    }
  }

  private static void assertEqualFrames(SimulatedAccelerator accelerator, ScheduledDesign design) {
    AcceleratorPorts ports = AcceleratorPorts.of(design.lowered());
    VerifiedDesign reference = verified(design, Path.of(""));
    List<IntegerTensor> frames =
        RandomNetwork.frames(design.lowered().model(), FRAMES, design.hashCode());
    List<FrameResult> results =
        accelerator.runFrames(
            frames.stream().map(ports::pack).toList(),
            ports.outputLayout().beatsPerFrame(),
            Limits.DEFAULT);
    for (int i = 0; i < FRAMES; i++) {
      assertArrayEquals(
          reference.expected(frames.get(i)).data(), ports.unpack(results.get(i).output()), "" + i);
    }
  }

  private static VerifiedDesign verified(ScheduledDesign design, Path rtl) {
    VerifyOptions options =
        VerifyOptions.standard(rtl).withPredicted(TestCompiler.predicted(design));
    return new VerifiedDesign(design.lowered(), rtl, options);
  }

  private static ScheduledDesign schedule(
      PartitionedModel model, dev.etch.lower.Arithmetic.Analysis analysis, Mapping mapping) {
    return Scheduler.schedule(model, analysis, mapping, new DiagnosticCollector());
  }

  private static void generate(ScheduledDesign design, Path rtl) {
    VerilogGenerator.generate(
        design.lowered().design(), "test", rtl, TestCompiler.DESIGN_HASH, RomContents.IN_FILES);
    assertEquals(BuiltMemories.counted(design.lowered().design()), BuiltMemories.ofVerilog(rtl));
  }

  private static WeightImage image(ScheduledDesign design, Path rtl) throws IOException {
    return WeightImages.read(design.lowered().design(), TestCompiler.DESIGN_HASH, rtl);
  }
}
