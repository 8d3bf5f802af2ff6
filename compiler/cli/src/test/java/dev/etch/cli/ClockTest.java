// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Frames per second are those of a clock that is known, or is said not to be. */
class ClockTest {
  private static final Path ROOT = Path.of(System.getProperty("etch.root"));

  @TempDir private Path folder;

  private CapturedRun compile(String name, String... options) {
    List<String> command = new ArrayList<>();
    command.add("compile");
    command.add(ROOT.resolve("testbench/models/tiny/tiny.etch").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-o", folder.resolve(name).toString()));
    CapturedRun run = CapturedRun.of(command.toArray(String[]::new));
    assertEquals(ExitCode.FINE, run.code(), run.err());
    return run;
  }

  private JsonNode report(String name) throws IOException {
    return new ObjectMapper().readTree(folder.resolve(name).resolve("report.json").toFile());
  }

  @Test
  void withoutADeviceTheClockIsAnAssumption() throws IOException {
    CapturedRun run = compile("generic");
    assertTrue(run.out().contains("100.0 MHz (assumed: without a device nobody knows)"), run.out());
    assertEquals("assumed", report("generic").at("/clock/source").asText());
  }

  @Test
  void aDeviceHasAnEstimate() throws IOException {
    CapturedRun run = compile("ecp5", "--target", "ecp5");
    assertTrue(run.out().contains("(estimated for ecp5-25k, speed grade 6)"), run.out());
    JsonNode clock = report("ecp5").get("clock");
    assertEquals("estimated", clock.get("source").asText());
    assertEquals("ecp5-25k", clock.get("device").asText());
  }

  @Test
  void aClockThatIsNotExpectedIsWarnedOf() throws IOException {
    CapturedRun run = compile("fast", "--device", "up5k", "--multipliers", "4", "--clock", "300");
    assertTrue(
        run.err().contains("300 MHz is more than example is expected to reach on up5k"), run.err());
    JsonNode report = report("fast");
    assertTrue(report.get("clockMHz").asDouble() < 100, report.toString());
    assertEquals(300, report.at("/clock/requiredMHz").asDouble());
    assertTrue(
        Files.readString(folder.resolve("fast/mapping.etch"))
            .startsWith("mapping\ntarget up5k\nclock 300 MHz\nbudget multipliers 4\n"));
  }

  @Test
  void aClockThatIsAskedForIsNotExceeded() throws IOException {
    CapturedRun run = compile("slow", "--target", "ecp5", "--clock", "12");
    assertTrue(run.out().contains("at 12.0 MHz (asked for, expected of ecp5-25k"), run.out());
    assertEquals("", run.err());
  }

  @Test
  void aRateHoldsAtTheClockThatIsExpected() throws IOException {
    compile("rate", "--target", "ice40", "--fps", "400000");
    assertTrue(report("rate").get("framesPerSecond").asDouble() >= 400_000);
    String mapping = Files.readString(folder.resolve("rate/mapping.etch"));
    assertFalse(mapping.contains("clock"), mapping);
    compile("again", "-m", folder.resolve("rate/mapping.etch").toString());
    assertEquals(mapping, Files.readString(folder.resolve("again/mapping.etch")));
  }
}
