// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SynthCommandTest {
  private static final Path ROOT = Path.of(System.getProperty("etch.root"));

  @TempDir private Path folder;

  private String compile(String... budget) {
    String model = ROOT.resolve("testbench/models/tiny/tiny.etch").toString();
    String target = folder.resolve("tiny").toString();
    CapturedRun run = CapturedRun.of("compile", model, budget[0], budget[1], "-o", target);
    assertEquals(0, run.code(), run.err());
    return target;
  }

  @Test
  void showsCellsBesideTheEstimateAndPlaces() throws IOException {
    String target = compile("--device", "up5k");
    CapturedRun run = CapturedRun.of("synth", target, "--route");
    assertEquals(0, run.code(), run.err());
    assertTrue(run.out().contains("Placed and routed on up5k, UltraPlus, by Yosys "), run.out());
    assertTrue(run.out().contains("seed 1: Fmax "), run.out());
    JsonNode report = new ObjectMapper().readTree(folder.resolve("tiny/synth.json").toFile());
    assertEquals("ice40", report.get("target").asText());
    JsonNode seed = report.get("route").get("seeds").get(0);
    assertTrue(seed.get("fmaxMHz").asDouble() > 1);
    assertTrue(seed.get("criticalPath").get("logicNs").asDouble() > 0);
    JsonNode compiled = new ObjectMapper().readTree(folder.resolve("tiny/report.json").toFile());
    assertEquals("routed", compiled.at("/clock/source").asText());
    assertEquals(
        report.at("/route/fmaxMHz/median").asDouble(), compiled.get("clockMHz").asDouble(), 0.051);
    JsonNode total = report.get("total");
    assertTrue(total.get("cells").get("luts").asLong() > 500, total.toString());
    long units = 0;
    for (JsonNode unit : report.get("units")) {
      units += unit.get("cells").get("luts").asLong();
    }
    assertEquals(total.get("cells").get("luts").asLong(), units);
  }

  @Test
  void saysWhatDoesNotFit() {
    String model = ROOT.resolve("testbench/models/lenet5-fashion/lenet5.onnx").toString();
    CapturedRun run = CapturedRun.of("compile", model, "--device", "up5k", "-o", folder + "/lenet");
    assertEquals(ExitCode.BAD_INPUT, run.code(), run.out());
    assertTrue(run.err().contains("there are"), run.err());
  }

  @Test
  void wrongDevicesAreRefused() {
    String target = compile("--budget", "dsp=4,lut=10000");
    CapturedRun unknown = CapturedRun.of("synth", target, "--device", "z80");
    assertEquals(ExitCode.BAD_INPUT, unknown.code());
    assertTrue(unknown.err().contains("one of: xc7a35t"), unknown.err());
    CapturedRun other = CapturedRun.of("synth", target, "--target", "xc7", "--device", "up5k");
    assertEquals(ExitCode.BAD_INPUT, other.code());
    assertTrue(other.err().contains("not of the family"), other.err());
  }
}
