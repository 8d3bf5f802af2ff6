// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Detectors, uncut: each output equals the framework's, byte for byte. */
class DetectorsTest {
  @ParameterizedTest
  @CsvSource({
    "yolo_person_detect.tflite, 2",
    "mediapipe_face_detection.tflite, 4",
    "yunet_s_qdq_u8s8.onnx, 12"
  })
  void everyOutputEqualsTheFrameworks(String model, int outputs, @TempDir Path folder)
      throws IOException {
    String shared = System.getenv("ETCH_SHARED");
    Path root =
        shared == null ? Path.of(System.getProperty("etch.root"), "..", "shared") : Path.of(shared);
    Path file = root.resolve("models/detectors").resolve(model);
    Assumptions.assumeTrue(
        Files.exists(file), file + " is not here (set ETCH_SHARED to the shared folder)");
    assertEquals(outputs, ExpectedOutputs.check(file, folder));
  }
}
