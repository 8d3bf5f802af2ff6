// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The checked-in mappings of the MLPerf Tiny models keep their budgets, in simulation too; and the
 * search keeps them without a mapping.
 */
@Tag("slow")
class MlperfTinyMappingTest {
  private static final Path ROOT = Path.of(System.getProperty("etch.root"));

  /** RAMB36E1, of which each is two in our estimates. */
  private static final int MEMORY_BLOCKS = 140;

  /** Estimates of look-up tables are a little high where many products come from adders. */
  private static final double ESTIMATE = 1.03;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "resnet8, ic_resnet8_int8, 30000, 211, 47000",
    "ds-cnn, kws_dscnn_int8, 8000, 188, 37000",
    "vww, vww_mobilenetv1_int8, 16000, 189, 34000",
    "autoencoder, ad_autoencoder_int8, 1000, 207, 51000"
  })
  void keepsItsBudget(String mapping, String model, long cycles, int multipliers, int luts)
      throws IOException {
    String file = model(model).toString();
    String pinned = ROOT.resolve("testbench/models/mlperf-tiny/" + mapping + ".etch").toString();
    CapturedRun compiled = CapturedRun.of("compile", file, "-m", pinned, "-o", folder + "/design");
    assertEquals(ExitCode.FINE, compiled.code(), compiled.err());
    CapturedRun verified =
        CapturedRun.of("verify", folder + "/design", "--random", "1", "--stall", "0.3");
    assertEquals(ExitCode.FINE, verified.code(), verified.out() + verified.err());
    ReportedMemories.check(folder.resolve("design"));
    JsonNode report = new ObjectMapper().readTree(folder.resolve("design/report.json").toFile());
    assertTrue(report.get("cyclesPerFrame").get("predicted").asLong() <= cycles);
    assertTrue(report.get("multipliers").asInt() <= multipliers);
    JsonNode area = report.get("area");
    assertTrue(area.get("luts").asInt() <= ESTIMATE * luts, area.toString());
    assertTrue(area.get("blocks").asInt() <= 2 * MEMORY_BLOCKS, area.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "ic_resnet8_int8, 30000, 211, 47000",
    "kws_dscnn_int8, 8000, 188, 37000",
    "vww_mobilenetv1_int8, 16000, 189, 34000",
    "ad_autoencoder_int8, 1000, 207, 51000"
  })
  void isFoundWithoutAMapping(String model, long cycles, int multipliers, int luts)
      throws IOException {
    String file = model(model).toString();
    String budget = "dsp=" + multipliers + ",lut=" + luts + ",bram=" + MEMORY_BLOCKS;
    CapturedRun compiled =
        CapturedRun.of(
            "compile", file, "--target", "xc7", "--budget", budget, "-o", folder + "/design");
    assertEquals(ExitCode.FINE, compiled.code(), compiled.err());
    ReportedMemories.check(folder.resolve("design"));
    JsonNode report = new ObjectMapper().readTree(folder.resolve("design/report.json").toFile());
    assertTrue(report.get("cyclesPerFrame").get("predicted").asLong() <= cycles);
    assertTrue(report.get("multipliers").asInt() <= multipliers);
    JsonNode area = report.get("area");
    assertTrue(area.get("luts").asInt() <= luts, area.toString());
    assertTrue(area.get("blocks").asInt() <= 2 * MEMORY_BLOCKS, area.toString());
  }

  private static Path model(String name) {
    String shared = System.getenv("ETCH_SHARED");
    Path folder = shared == null ? ROOT.resolve("../shared") : Path.of(shared);
    Path file = folder.resolve("models/mlperf-tiny/" + name + ".tflite");
    if (!Files.exists(file)) {
      assertTrue(System.getenv("CI") == null, file.getFileName() + " is missing in CI");
      Assumptions.abort("the shared models are not here");
    }
    return file;
  }
}
