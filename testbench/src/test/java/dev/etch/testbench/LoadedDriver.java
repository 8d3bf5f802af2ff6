// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.etch.hardware.WeightFile;
import dev.etch.lower.LoweredModel;
import dev.etch.schedule.ScheduledDesign;
import dev.etch.templates.driver.CompiledDriver;
import dev.etch.templates.driver.DriverOptions;
import dev.etch.templates.driver.DriverProject;
import dev.etch.templates.driver.ReferenceVector;
import dev.etch.tensor.IntegerTensor;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Tests of the driver of one training, on the hardware of another. */
final class LoadedDriver {
  private LoadedDriver() {}

  /** Runs so many tests of the driver of the second training. */
  static void check(Trainings trainings, int tests, Path folder) throws Exception {
    LoweredModel lowered = trainings.designs.get(1).lowered();
    WeightFile weights =
        new WeightFile(trainings.images.get(1), DriverProject.hostHash(lowered.model()), "");
    DriverOptions options =
        new DriverOptions(
            TestCompiler.DESIGN_HASH,
            trainings.designs.get(1).prediction().latencyCycles(),
            List.of(),
            vectors(trainings.designs.get(1)),
            Optional.of(weights));
    CompiledDriver driver =
        CompiledDriver.compile(
            DriverProject.generate(lowered, options),
            DriverProject.modelClass(lowered.model().whole().name()),
            folder.resolve("driver"));
    System.setProperty("etch.simulator", trainings.first().build(Trainings.FRAMES).toString());
    try {
      TestExecutionSummary summary = driver.test("LoadedWeightsTest");
      StringWriter failures = new StringWriter();
      summary.printFailuresTo(new PrintWriter(failures, true));
      assertEquals(tests, summary.getTestsSucceededCount(), failures::toString);
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
