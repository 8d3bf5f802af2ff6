// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.PartitionedModel;
import dev.etch.hardware.ExternalMemory;
import dev.etch.hardware.MemoryMap;
import dev.etch.hardware.Target;
import dev.etch.hardware.WordSource;
import dev.etch.lower.Addressing;
import dev.etch.lower.Buffering;
import dev.etch.lower.Folding;
import dev.etch.lower.LaneLayout;
import dev.etch.lower.LoweredModel;
import dev.etch.optimize.StandardPasses;
import dev.etch.schedule.Mapping;
import dev.etch.schedule.ScheduledDesign;
import dev.etch.templates.testbench.IcarusTestbench;
import dev.etch.tensor.IntegerTensor;
import dev.etch.text.GraphParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Convolutions that read the words of their schedule from outside, with random foldings and
 * memories: equal to the reference in exactly the predicted cycles. The property {@code
 * etch.randomChains} sets how many (4).
 */
class ExternalWindowTest {
  private static final int FRAMES = 4;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, Integer.getInteger("etch.randomChains", 4));
  }

  private static PartitionedModel model(Random random) {
    String text =
        """
        graph "outside"
        input %%x : int8[1, 2, 8, 8]
        %%w1 = constant() {weights = DenseWeights{tensor = int8[4, 2, 3, 3] %s}} : int8[4, 2, 3, 3]
        %%s1 = integerConv2d(%%x, %%w1) {window = Window{kernelHeight = 3, kernelWidth = 3, strideHeight = 1, strideWidth = 1, dilationHeight = 1, dilationWidth = 1, padTop = 1, padLeft = 1, padBottom = 1, padRight = 1}, layout = NCHW, groups = 1, inputZeroPoint = 0} : int32[1, 4, 8, 8] named "first"
        %%y1 = requantize(%%s1) {channels = [ScaleThenRound{scale = 0.01, zeroPoint = -3, low = -128, high = 127}], channelAxis = 1, output = int8} : int8[1, 4, 8, 8]
        %%w2 = constant() {weights = DenseWeights{tensor = int8[6, 4, 2, 2] %s}} : int8[6, 4, 2, 2]
        %%s2 = integerConv2d(%%y1, %%w2) {window = Window{kernelHeight = 2, kernelWidth = 2, strideHeight = 2, strideWidth = 2, dilationHeight = 1, dilationWidth = 1, padTop = 0, padLeft = 0, padBottom = 0, padRight = 0}, layout = NCHW, groups = 1, inputZeroPoint = -3} : int32[1, 6, 4, 4] named "second"
        %%y2 = requantize(%%s2) {channels = [ScaleThenRound{scale = 0.01, zeroPoint = 5, low = -128, high = 127}], channelAxis = 1, output = int8} : int8[1, 6, 4, 4]
        output %%y2
        """
            .formatted(weights(random, 72), weights(random, 96));
    return StandardPasses.prepare(
        GraphParser.parse("outside.etch", text), new DiagnosticCollector());
  }

  private static List<Integer> weights(Random random, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> random.nextInt(2) == 0 ? 0 : random.nextInt(255) - 127)
        .toList();
  }

  private static Folding folding(int block, int clusters, Random random) {
    LaneLayout layout =
        new LaneLayout(
            block,
            1,
            clusters,
            1 + random.nextInt(3),
            1 + random.nextInt(2),
            random.nextBoolean() ? Addressing.SHARED : Addressing.OWN);
    return Folding.plain(layout, new Buffering(1 + random.nextInt(2), random.nextBoolean(), false))
        .withWords(WordSource.EXTERNAL);
  }

  /** The plain Verilog testbench has a memory for them. */
  @Test
  void icarusPasses(@TempDir Path folder) throws Exception {
    Random random = new Random(9);
    Mapping mapping =
        Mapping.of(Target.GENERIC, Optional.empty())
            .withMemory(RandomFoldings.memory(random))
            .withLayers(Map.of("first", folding(2, 4, random), "second", folding(1, 2, random)));
    Path rtl = folder.resolve("rtl");
    ScheduledDesign design = TestCompiler.compile(model(random), mapping, rtl);
    LoweredModel lowered = design.lowered();
    Path testbench = Files.createDirectories(folder.resolve("testbench"));
    IcarusTestbench.generate(
            lowered.design(),
            TestCompiler.DESIGN_HASH,
            FRAMES,
            design.prediction().cyclesPerFrame(),
            OptionalLong.of(design.prediction().latencyCycles()),
            IcarusTestbench.Sweep.NONE)
        .writeTo(testbench);
    VectorFiles.write(testbench, lowered, RandomNetwork.frames(lowered.model(), FRAMES, 9));
    VectorFiles.write(testbench, MemoryMap.of(lowered.design()).orElseThrow());
    String output = GeneratedProjectTest.icarus(testbench);
    assertTrue(output.contains("PASS: " + FRAMES + " frames"), output);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void framesAndCyclesAreThePredictedOnes(long seed, @TempDir Path folder) {
    Random random = new Random(seed);
    PartitionedModel model = model(random);
    ExternalMemory memory = RandomFoldings.memory(random);
    Mapping mapping =
        Mapping.of(Target.GENERIC, Optional.empty())
            .withMemory(memory)
            .withLayers(
                Map.of(
                    "first", folding(1 + (int) seed % 2, 1 << random.nextInt(3), random),
                    "second", folding(1, 1 + random.nextInt(3), random)));
    ScheduledDesign design = TestCompiler.compile(model, mapping, folder);
    MemoryMap map = MemoryMap.of(design.lowered().design()).orElseThrow();
    assertEquals(2, map.regions().size());
    long traffic = map.regions().stream().mapToLong(r -> r.words().beatsPerFrame()).sum();
    // The roofline: no frame is faster than its beats.
    assertTrue(design.prediction().cyclesPerFrame() >= traffic * memory.cyclesPerBeat());
    List<IntegerTensor> frames = RandomNetwork.frames(design.lowered().model(), FRAMES, seed);
    VerifyOptions options =
        VerifyOptions.standard(folder)
            .withPredicted(TestCompiler.predicted(design))
            .withDirected(frames)
            .withStalls(seed % 2 == 0 ? Stalls.NONE : Stalls.both(0.2, seed));
    VerifyResult result =
        new Verifier(
                design.lowered(),
                folder,
                seed == 1 ? options.withRegisters(TestCompiler.DESIGN_HASH) : options)
            .verify(FRAMES, frames::get, (done, total) -> {});
    assertTrue(result.passed(), design.mapping() + "\n" + result);
  }
}
