// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.etch.hardware.MemoryMap;
import dev.etch.hardware.WeightFile;
import dev.etch.hardware.WeightImage;
import dev.etch.lower.LoweredModel;
import dev.etch.schedule.ScheduledDesign;
import dev.etch.templates.driver.CompiledDriver;
import dev.etch.templates.driver.DriverOptions;
import dev.etch.templates.driver.DriverProject;
import dev.etch.templates.driver.ReferenceVector;
import dev.etch.tensor.IntegerTensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Tests of the driver of one training, on the hardware of another. */
final class LoadedDriver {
  private LoadedDriver() {}

  /** Runs so many tests of the driver of the second training. */
  static void check(Trainings trainings, int tests, Path folder) throws Exception {
    TestExecutionSummary summary =
        run(
            trainings.first(),
            trainings.designs.get(1),
            trainings.images.get(1),
            "LoadedWeightsTest",
            folder);
    assertEquals(
        tests, summary.getTestsSucceededCount(), () -> GeneratedProjectTest.failures(summary));
  }

  /**
   * Runs a test class of the driver of a training.
   *
   * @param hardware of another training
   * @param image of the driver's weights
   */
  static TestExecutionSummary run(
      VerifiedDesign hardware,
      ScheduledDesign design,
      WeightImage image,
      String testClass,
      Path folder)
      throws Exception {
    LoweredModel lowered = design.lowered();
    WeightFile weights =
        new WeightFile(
            image, MemoryMap.loaded(lowered.design()), DriverProject.hostHash(lowered.model()), "");
    DriverOptions options =
        new DriverOptions(
            TestCompiler.DESIGN_HASH,
            design.prediction().latencyCycles(),
            List.of(),
            vectors(design),
            Optional.of(weights));
    CompiledDriver driver =
        CompiledDriver.compile(
            DriverProject.generate(lowered, options),
            DriverProject.modelClass(lowered.model().whole().name()),
            folder.resolve("driver"));
    System.setProperty("etch.simulator", hardware.build(Trainings.FRAMES).toString());
    try {
      return driver.test(testClass);
    } finally {
      System.clearProperty("etch.simulator");
    }
  }

  private static List<ReferenceVector> vectors(ScheduledDesign design) {
    VerifiedDesign reference = Trainings.verified(design, Path.of(""));
    return Trainings.frames(design).stream()
        .map(
            frame -> {
              IntegerTensor result = reference.expected(frame).get(0);
              return new ReferenceVector(frame, frame, List.of(result), List.of(result));
            })
        .toList();
  }
}
