// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates.testbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Runs the generated testbench of the example on Icarus Verilog, with the example's Verilog, right
 * and wrong. That the example is what is generated today is a test of the command line.
 */
class IcarusTestbenchTest {
  private static final Path EXAMPLE = Path.of(System.getProperty("etch.root"), "hdl-out/example");

  @TempDir private Path folder;

  private record Run(int exitCode, String output) {}

  private Run run(String from, String to, String... arguments) throws Exception {
    for (String part : List.of("testbench", "rtl")) {
      copy(part);
    }
    Path rtl = folder.resolve("rtl/etch_example.v");
    String text = Files.readString(rtl);
    assertTrue(text.contains(from), from);
    Files.writeString(rtl, text.replace(from, to));
    List<String> command =
        new ArrayList<>(List.of("sh", folder.resolve("testbench/run.sh").toString()));
    command.addAll(Arrays.asList(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), output);
  }

  private void copy(String part) throws IOException {
    Path target = Files.createDirectories(folder.resolve(part));
    try (var files = Files.list(EXAMPLE.resolve(part))) {
      for (Path file : files.toList()) {
        Files.copy(file, target.resolve(file.getFileName()));
      }
    }
  }

  @Test
  void theExamplePasses() throws Exception {
    Run run = run("", "");
    assertEquals(0, run.exitCode(), run.output());
    assertTrue(run.output().contains("PASS: 404 frames, 1212 beats equal"), run.output());
    assertFalse(run.output().matches("(?s).*(warning|sorry|FAIL).*"), run.output());
  }

  @ParameterizedTest
  @CsvSource({"50, 2", "70, 4"})
  void pausesDoNotMatter(int stall, int seed) throws Exception {
    Run run = run("", "", "+stall=" + stall, "+seed=" + seed);
    assertEquals(0, run.exitCode(), run.output());
    assertTrue(run.output().contains("PASS: 404 frames"), run.output());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "assign m_axis_tdata = | assign m_axis_tdata = 8'h1 ^ | FAIL: frame 0, beat 0: expected",
        "assign m_axis_tlast = | assign m_axis_tlast = !| FAIL: frame 0, beat 0: tlast is 1",
        "= queue_s_dense_pop_valid; | = queue_s_dense_pop_valid && monitor_frames_out < 2;"
            + "| FAIL: nothing moves after",
        "32'h45544348 | 32'h45544349 | FAIL: register 00 reads 45544349 instead of 45544348",
        "monitor_beats_in + 32'h00000001 | (monitor_beats_in + 32'h00000001 & 32'h7fffffff)"
            + "| FAIL: register 30 reads"
      })
  void eachFaultIsNamed(String from, String to, String message) throws Exception {
    Run run = run(from, to);
    assertTrue(run.output().contains(message), run.output());
    assertFalse(run.output().contains("PASS"), run.output());
    assertEquals(1, run.exitCode(), run.output());
  }
}
