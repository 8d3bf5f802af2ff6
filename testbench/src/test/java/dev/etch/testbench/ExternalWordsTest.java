// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.Location;
import dev.etch.graph.GraphBuilder;
import dev.etch.graph.PartitionedModel;
import dev.etch.graph.Value;
import dev.etch.hardware.ExternalMemory;
import dev.etch.hardware.MemoryMap;
import dev.etch.hardware.RegisterMap;
import dev.etch.hardware.Target;
import dev.etch.hardware.WordSource;
import dev.etch.lower.Addressing;
import dev.etch.lower.Buffering;
import dev.etch.lower.Folding;
import dev.etch.lower.LaneLayout;
import dev.etch.lower.LoweredModel;
import dev.etch.op.IntegerDense;
import dev.etch.op.Requantize;
import dev.etch.op.requantization.ScaleThenRound;
import dev.etch.optimize.StandardPasses;
import dev.etch.schedule.Mapping;
import dev.etch.schedule.ScheduledDesign;
import dev.etch.templates.driver.ReferenceVector;
import dev.etch.templates.testbench.IcarusTestbench;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.TensorType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * Chains of sparse dense layers that read their words from outside, with random memories: equal to
 * the reference in exactly the predicted cycles, with stalls of both sides, of the queues inside
 * and of the memory. The property {@code etch.randomChains} sets how many (6).
 */
class ExternalWordsTest {
  private static final int FRAMES = 6;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, Integer.getInteger("etch.randomChains", 6));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void framesAndCyclesAreThePredictedOnes(long seed, @TempDir Path folder) {
    Random random = new Random(seed);
    Chain chain = Chain.of(1 + (int) seed % 3, random);
    ScheduledDesign design = TestCompiler.compile(chain.model(), chain.mapping(random), folder);
    List<IntegerTensor> frames = frames(chain.model(), random);
    VerifyOptions options =
        VerifyOptions.standard(folder)
            .withPredicted(TestCompiler.predicted(design))
            .withRegisters(TestCompiler.DESIGN_HASH)
            .withDirected(frames)
            .withStalls(Stalls.both(0.2, seed));
    VerifyResult result =
        new Verifier(design.lowered(), folder, options)
            .verify(FRAMES, frames::get, (done, total) -> {});
    assertTrue(result.passed(), design.mapping() + "\n" + result);
  }

  /** Words may change when no frame is inside; frames that come meanwhile wait. */
  @Test
  void noFrameHasWordsOfTwoImages(@TempDir Path folder) {
    Random random = new Random(7);
    Chain chain = Chain.of(2, random);
    ScheduledDesign design = TestCompiler.compile(chain.model(), chain.mapping(random), folder);
    VerifiedDesign verified =
        new VerifiedDesign(design.lowered(), folder, VerifyOptions.standard(folder));
    AcceleratorPorts ports = verified.ports();
    List<IntegerTensor> frames = frames(chain.model(), random);
    int beats = ports.outputs().get(0).layout().beatsPerFrame();
    long settling =
        design.prediction().latencyCycles() + FRAMES * design.prediction().cyclesPerFrame();
    try (SimulatedAccelerator core = verified.started(verified.build(FRAMES))) {
      for (int stop = 0; stop < FRAMES; stop++) {
        for (IntegerTensor frame : frames) {
          core.send(ports.pack(frame), true);
        }
        core.run(random.nextInt((int) design.prediction().cyclesPerFrame()) * (stop + 1L));
        core.writeRegister(RegisterMap.MEMORY_CONTROL.offset(), 0);
        byte[] before = core.receive(Long.MAX_VALUE, settling).beats();
        assertTrue(isIdle(core));
        core.memory().read();
        byte[] after = core.receive((long) beats * FRAMES, Limits.DEFAULT.idleCycles()).beats();
        int beatBytes = ports.outputs().get(0).layout().beatBytes();
        assertEquals(0, before.length % (beats * beatBytes), "whole frames");
        byte[] all = new byte[before.length + after.length];
        System.arraycopy(before, 0, all, 0, before.length);
        System.arraycopy(after, 0, all, before.length, after.length);
        byte[] wanted = new byte[all.length];
        for (int i = 0; i < FRAMES; i++) {
          byte[] one = ports.outputs().get(0).pack(verified.expected(frames.get(i)).get(0));
          System.arraycopy(one, 0, wanted, i * one.length, one.length);
        }
        assertArrayEquals(wanted, all);
      }
    }
  }

  /** Driver and testbench bring a memory along. */
  @Test
  void generatedProjectsPass(@TempDir Path folder) throws Exception {
    Random random = new Random(11);
    Chain chain = Chain.of(2, random);
    Path rtl = folder.resolve("rtl");
    ScheduledDesign design = TestCompiler.compile(chain.model(), chain.mapping(random), rtl);
    LoweredModel lowered = design.lowered();
    VerifiedDesign verified = new VerifiedDesign(lowered, rtl, VerifyOptions.standard(folder));
    List<ReferenceVector> vectors = new ArrayList<>();
    for (IntegerTensor frame : frames(chain.model(), random)) {
      IntegerTensor output = verified.expected(frame).get(0);
      vectors.add(new ReferenceVector(frame, frame, List.of(output), List.of(output)));
    }
    for (String test : List.of("DriverTest", "SimulatedRtlTest")) {
      TestExecutionSummary summary =
          GeneratedProjectTest.driverTest(lowered, TestCompiler.DESIGN_HASH, rtl, vectors, test);
      assertTrue(summary.getTestsSucceededCount() > 0);
      assertEquals(
          summary.getTestsFoundCount(),
          summary.getTestsSucceededCount(),
          () -> GeneratedProjectTest.failures(summary));
    }
    Path testbench = Files.createDirectories(folder.resolve("testbench"));
    IcarusTestbench.generate(
            lowered.design(),
            TestCompiler.DESIGN_HASH,
            FRAMES,
            design.prediction().cyclesPerFrame(),
            OptionalLong.of(design.prediction().latencyCycles()),
            IcarusTestbench.Sweep.NONE)
        .writeTo(testbench);
    VectorFiles.write(
        testbench, lowered, vectors.stream().map(ReferenceVector::acceleratorInput).toList());
    VectorFiles.write(testbench, MemoryMap.of(lowered.design()).orElseThrow());
    String output = GeneratedProjectTest.icarus(testbench);
    assertTrue(output.contains("PASS: " + FRAMES + " frames"), output);
  }

  private static boolean isIdle(SimulatedAccelerator core) {
    int idle = RegisterMap.MEMORY_STATUS.field("idle").mask();
    return (core.readRegister(RegisterMap.MEMORY_STATUS.offset()) & idle) != 0;
  }

  /** Regions begin with bursts, and none is over a page. */
  @Test
  void regionsAreWholeBursts(@TempDir Path folder) {
    Random random = new Random(3);
    Chain chain = Chain.of(3, random);
    ScheduledDesign design = TestCompiler.compile(chain.model(), chain.mapping(random), folder);
    MemoryMap map = MemoryMap.of(design.lowered().design()).orElseThrow();
    assertEquals(3, map.regions().size());
    int end = 0;
    for (MemoryMap.Region region : map.regions()) {
      assertTrue(region.first() >= end);
      assertEquals(0, region.again() % ExternalMemory.BURST_BEATS);
      end = region.end();
    }
    assertTrue(end <= map.beats());
    assertEquals(map.bytes(), map.image().length);
  }

  private static List<IntegerTensor> frames(PartitionedModel model, Random random) {
    TensorType type = model.accelerator().inputs().get(0).type();
    return IntStream.range(0, FRAMES)
        .mapToObj(
            i -> new IntegerTensor(type, random.ints(type.shape().elements(), 0, 256).toArray()))
        .toList();
  }

  /** Dense layers one behind the other, each with the elements of its frame. */
  private record Chain(PartitionedModel model, Map<String, Integer> inputs) {
    static Chain of(int layers, Random random) {
      Location location = Location.file("chain");
      GraphBuilder graph = new GraphBuilder("chain");
      int width = 8 + random.nextInt(60);
      Value last = graph.input("x", new TensorType(IntegerType.UINT8, Shape.of(1, width)));
      Map<String, Integer> inputs = new LinkedHashMap<>();
      for (int layer = 0; layer < layers; layer++) {
        int next = 4 * (1 + random.nextInt(12));
        double density = 0.05 + 0.5 * random.nextDouble();
        TensorType type = new TensorType(IntegerType.INT8, Shape.of(next, width));
        int[] weights =
            random
                .ints(next * width, -127, 128)
                .map(weight -> random.nextDouble() < density ? weight : 0)
                .toArray();
        Value w = graph.constant("w" + layer, new IntegerTensor(type, weights), location);
        String name = "dense" + layer;
        Value sum = graph.add(name, new IntegerDense(0), location, last, w);
        ScaleThenRound scale = new ScaleThenRound(0.01f, 100, 0, 255);
        Requantize requantize = new Requantize(List.of(scale), 1, IntegerType.UINT8);
        last = graph.add("y" + layer, requantize, location, sum);
        inputs.put(name, width);
        width = next;
      }
      graph.output(last);
      return new Chain(StandardPasses.prepare(graph.build(), new DiagnosticCollector()), inputs);
    }

    Mapping mapping(Random random) {
      Map<String, Folding> layers = new LinkedHashMap<>();
      inputs.forEach(
          (layer, elements) -> {
            int clusters = 1 << random.nextInt(3);
            LaneLayout layout =
                new LaneLayout(1, 1, clusters, 1 + random.nextInt(4), 1, Addressing.BROADCAST);
            Buffering buffering =
                new Buffering(
                    RandomFoldings.matrixBeat(elements, random.nextLong()),
                    random.nextBoolean(),
                    false);
            layers.put(layer, Folding.plain(layout, buffering).withWords(WordSource.EXTERNAL));
          });
      return Mapping.of(Target.GENERIC, Optional.empty())
          .withMemory(RandomFoldings.memory(random))
          .withLayers(layers);
    }
  }
}
