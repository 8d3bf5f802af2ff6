// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import static dev.etch.testbench.TestCompiler.DESIGN_HASH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.graph.PartitionedModel;
import dev.etch.hardware.verilog.LoadableVerilog;
import dev.etch.schedule.ScheduledDesign;
import dev.etch.schedule.Scheduler;
import dev.etch.tensor.IntegerTensor;
import dev.etch.text.GraphPrinter;
import dev.etch.text.MappingPrinter;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random networks: the Verilog gives the reference's bits, with and without stalls, in exactly the
 * predicted cycles. Targets, budgets, foldings and arrays are those of {@link RandomDesigns}. The
 * property {@code etch.randomLayers} sets how many (12), {@code etch.randomSeed} the first seed
 * (1). A failure prints its seed and the graph.
 */
class RandomLayerTest {
  private static final int FRAMES = 5;
  private static final Drawn DRAWN = new Drawn();

  @AfterAll
  static void print() {
    System.out.println(DRAWN);
  }

  static LongStream seeds() {
    long first = Long.getLong("etch.randomSeed", 1);
    return LongStream.range(first, first + Integer.getInteger("etch.randomLayers", 12));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void hardwareEqualsReference(long seed, @TempDir Path folder) {
    check(RandomNetwork.of(seed), seed, folder);
  }

  /** 16-bit activations: accumulators and products of more than 32 bits, sums in steps. */
  @ParameterizedTest(name = "16 bits, seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void wideHardwareEqualsReference(long seed, @TempDir Path folder) {
    check(WideNetwork.of(seed), seed, folder);
  }

  private static void check(PartitionedModel model, long seed, Path folder) {
    String what = "seed " + seed + "\n" + GraphPrinter.print(model.accelerator());
    ScheduledDesign design;
    try {
      design = RandomDesigns.of(model, seed);
      what += "\n" + MappingPrinter.print(design.mapping());
      TestCompiler.write(design, folder);
    } catch (RuntimeException e) {
      throw new AssertionError(what, e);
    }
    Set<String> kinds = DRAWN.add(model, design);
    List<IntegerTensor> frames = RandomNetwork.frames(model, FRAMES, seed);
    VerifyOptions options =
        VerifyOptions.standard(folder).withPredicted(TestCompiler.predicted(design));
    check(what, design, folder, frames, options);
    check(
        what,
        design,
        folder,
        frames,
        options.withStalls(Stalls.both(0.5, seed)).withDirected(frames));
    ResetCheck reset =
        new ResetCheck(
            design.lowered(),
            folder,
            Stalls.both(0.2, seed),
            SimulatorCache.standard(),
            FRAMES * design.prediction().cyclesPerFrame());
    int beats = design.lowered().design().input().beatsPerFrame();
    if (beats > 1) {
      assertEquals(
          0, reset.mismatches(frames, 2, beats - 1, ResetCheck.Kind.REGISTER), what + "reset");
    }
    if (design.mapping().reload().isPresent()) {
      checkOtherWeights(what, model, design, seed, folder);
    }
    System.out.println(seed + ": equal, in the predicted cycles: " + String.join(", ", kinds));
  }

  /** The host loads other weights, if they are within the limits, and then the reference's. */
  private static void checkOtherWeights(
      String what, PartitionedModel model, ScheduledDesign design, long seed, Path folder) {
    PartitionedModel other = AnotherTraining.of(model, seed);
    ScheduledDesign loaded;
    try {
      loaded = Scheduler.reload(design, other, new DiagnosticCollector());
    } catch (DiagnosticException e) {
      System.out.println(seed + ": other weights are refused: " + e.getMessage());
      return;
    }
    LoadableVerilog first = LoadableVerilog.of(design.lowered().design(), DESIGN_HASH);
    LoadableVerilog second = LoadableVerilog.of(loaded.lowered().design(), DESIGN_HASH);
    assertEquals(first.structure(), second.structure(), what);
    if (!Drawn.loadsCode(design)) {
      assertEquals(TestCompiler.predicted(design), TestCompiler.predicted(loaded), what);
    }
    List<IntegerTensor> frames = RandomNetwork.frames(other, FRAMES, seed);
    VerifyOptions options =
        VerifyOptions.standard(folder)
            .withPredicted(TestCompiler.predicted(loaded))
            .withRegisters(DESIGN_HASH)
            .withWeights(second.image());
    check(what + " other weights ", loaded, folder, frames, options);
    System.out.println(seed + ": other weights are loaded, " + second.image().words() + " words");
  }

  private static void check(
      String what,
      ScheduledDesign design,
      Path rtl,
      List<IntegerTensor> frames,
      VerifyOptions options) {
    VerifyResult result =
        new Verifier(design.lowered(), rtl, options)
            .verify(frames.size(), frames::get, (done, total) -> {});
    assertTrue(
        result.bitsEqual() && result.fault().isEmpty(),
        () -> what + result.firstMismatch() + "\n" + result.divergence() + result.fault());
    assertEquals(options.predicted(), result.measured(), what);
  }
}
