// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.PartitionedModel;
import dev.etch.hardware.Target;
import dev.etch.hardware.WeightImage;
import dev.etch.hardware.verilog.LoadableVerilog;
import dev.etch.importer.onnx.OnnxImporter;
import dev.etch.optimize.StandardPasses;
import dev.etch.reference.Interpreter;
import dev.etch.schedule.Budget;
import dev.etch.schedule.Mapping;
import dev.etch.schedule.Reload;
import dev.etch.schedule.ScheduledDesign;
import dev.etch.schedule.Scheduler;
import dev.etch.tensor.IntegerTensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The bundled LeNet-5 on its bundled Fashion-MNIST images: every bit, and the cycles, at several
 * numbers of multipliers, with stalls and resets.
 */
class SampleModelTest {
  private static final Path FOLDER =
      Path.of(System.getProperty("etch.root"), "testbench", "models", "lenet5-fashion");
  private static final Path IMAGES = FOLDER.resolve("test-images.idx3-ubyte.gz");
  private static final int FRAMES = 100;

  private final PartitionedModel model = model();
  @TempDir Path folder;

  private static PartitionedModel model() {
    DiagnosticCollector diagnostics = new DiagnosticCollector();
    Graph graph = OnnxImporter.read(FOLDER.resolve("lenet5.onnx"), diagnostics);
    return StandardPasses.prepare(graph, diagnostics);
  }

  private List<IntegerTensor> images(int count) {
    DatasetFrames images = new DatasetFrames(IMAGES, model.before().inputs().get(0).type());
    assertTrue(images.count() >= count);
    Interpreter before = new Interpreter(model.before());
    List<IntegerTensor> frames = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      frames.add((IntegerTensor) before.run(List.of(images.frame(i))).get(0));
    }
    return frames;
  }

  @Test
  void bitsCyclesStallsAndResets() {
    ScheduledDesign design = TestCompiler.compile(model, 32, folder);
    List<IntegerTensor> frames = images(FRAMES);
    VerifyOptions options =
        VerifyOptions.standard(folder).withJobs(2).withPredicted(TestCompiler.predicted(design));
    verify(design, frames, options);
    verify(design, frames.subList(0, 10), options.withStalls(Stalls.both(0.5, 1)));
    ResetCheck reset =
        new ResetCheck(
            design.lowered(),
            folder,
            Stalls.both(0.2, 1),
            SimulatorCache.standard(),
            4 * design.prediction().cyclesPerFrame());
    for (ResetCheck.Kind kind : ResetCheck.Kind.values()) {
      assertEquals(0, reset.mismatches(frames.subList(0, 4), 2, 300, kind));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 128})
  @Tag("slow")
  void bitsAndCyclesAtOtherSizes(int multipliers) {
    ScheduledDesign design = TestCompiler.compile(model, multipliers, folder);
    assertTrue(design.multipliers() <= multipliers);
    verify(
        design,
        images(FRAMES),
        VerifyOptions.standard(folder).withJobs(2).withPredicted(TestCompiler.predicted(design)));
  }

  /** Frames run on while an image is written, but for the swap. */
  @Test
  @Tag("slow")
  void weightsAreLoadedWhileFramesRun() {
    Mapping mapping =
        Mapping.of(Target.GENERIC, Optional.of(new Budget.Multipliers(32)))
            .withReload(new Reload(0.6, Optional.of(0.02), Optional.of(2)));
    ScheduledDesign design = TestCompiler.compile(model, mapping, folder);
    ScheduledDesign other =
        Scheduler.reload(design, AnotherTraining.of(model, 1), new DiagnosticCollector());
    WeightImage image =
        LoadableVerilog.of(other.lowered().design(), TestCompiler.DESIGN_HASH).image();
    AcceleratorPorts ports = AcceleratorPorts.of(design.lowered());
    VerifiedDesign old = Trainings.verified(design, folder);
    VerifiedDesign loaded = Trainings.verified(other, folder);
    List<IntegerTensor> frames = images(FRAMES);
    int beats = design.lowered().design().outputs().get(0).stream().beatsPerFrame();
    try (SimulatedAccelerator accelerator = old.started(old.build(FRAMES))) {
      accelerator.probe().observeQueueTimes();
      frames.forEach(frame -> accelerator.send(ports.pack(frame), true));
      accelerator.take((long) FRAMES * beats);
      accelerator.run(2 * design.prediction().latencyCycles());
      long begin = accelerator.status().cycle();
      assertTrue(new WeightLoader(accelerator).loadBeside(image, image.crc()));
      long end = accelerator.status().cycle();
      byte[] outputs =
          accelerator.receive((long) FRAMES * beats, Limits.DEFAULT.totalCycles()).beats();
      long[] left = accelerator.probe().beatCycles().left().get(0);
      int swaps = 0;
      for (int i = 0; i < FRAMES; i++) {
        byte[] output =
            Arrays.copyOfRange(
                outputs, i * outputs.length / FRAMES, (i + 1) * outputs.length / FRAMES);
        long interval = i == 0 ? 0 : left[(i + 1) * beats - 1] - left[i * beats - 1];
        if (i > 0 && interval != design.prediction().cyclesPerFrame()) {
          assertEquals(
              design.prediction().latencyCycles() + design.lowered().design().swapCycles(),
              interval);
          swaps++;
        }
        IntegerTensor expected = (swaps == 0 ? old : loaded).expected(frames.get(i)).get(0);
        assertArrayEquals(ports.outputs().get(0).pack(expected), output, "frame " + i);
      }
      assertEquals(1, swaps);
      System.out.printf("%,d words in %,d cycles%n", image.words(), end - begin);
    }
  }

  private void verify(ScheduledDesign design, List<IntegerTensor> frames, VerifyOptions options) {
    VerifyResult result =
        new Verifier(design.lowered(), folder, options)
            .verify(frames.size(), frames::get, (done, total) -> {});
    assertTrue(result.bitsEqual(), () -> result.firstMismatch() + "\n" + result.divergence());
    assertEquals(options.predicted(), result.measured());
    System.out.printf(
        "%d multipliers: %s, %d frames, %d outputs, %d cycles in %.1f s%n",
        design.multipliers(),
        result.measured(),
        result.frames(),
        result.outputsCompared(),
        result.simulatedCycles(),
        result.seconds());
  }
}
