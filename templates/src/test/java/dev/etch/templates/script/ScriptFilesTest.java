// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.hardware.Design;
import dev.etch.hardware.Stream;
import dev.etch.hardware.StreamType;
import dev.etch.templates.GeneratedFiles;
import dev.etch.tensor.IntegerType;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs the synthesis scripts with Yosys on a small hand-written module. */
class ScriptFilesTest {
  private static Design design() {
    Stream stream = new Stream("through", new StreamType(2, IntegerType.INT8), 4);
    return new Design("top", List.of(), Map.of(stream, 2), stream, stream);
  }

  private static Path scripts(Path folder, SynthesisFlow flow) throws Exception {
    Path rtl = Files.createDirectories(folder.resolve("rtl"));
    try (InputStream stream =
        ScriptFilesTest.class.getResourceAsStream("/dev/etch/templates/testbench/top.v")) {
      Files.write(rtl.resolve("top.v"), stream.readAllBytes());
    }
    Path scripts = folder.resolve("scripts");
    ScriptFiles.generate(design(), flow, 24).writeTo(scripts);
    return scripts;
  }

  private static void run(Path folder, String... command) throws Exception {
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
  }

  @ParameterizedTest
  @EnumSource
  void yosysTakesTheScript(SynthesisFlow flow, @TempDir Path folder) throws Exception {
    Path scripts = scripts(folder, flow);
    run(scripts, "yosys", "-q", "-l", "synth.log", "synth.ys");
    assertTrue(Files.readString(scripts.resolve("utilization.txt")).contains("Number of cells"));
    assertTrue(Files.size(scripts.resolve("top.json")) > 1000);
  }

  @ParameterizedTest
  @EnumSource(names = {"ICE40", "ECP5", "GOWIN"})
  void yosysTakesTheWrapperForPlacement(SynthesisFlow flow, @TempDir Path folder) throws Exception {
    Path scripts = scripts(folder, flow);
    run(scripts, "yosys", "-q", "-l", "place_synth.log", "place.ys");
    assertTrue(Files.size(scripts.resolve("top_pins.json")) > 1000);
    run(scripts, "sh", "-n", "place.sh");
  }

  @Test
  void constraintsCarryTheClock() {
    assertTrue(text(SynthesisFlow.XC7, "clock.xdc").contains("-period 6.666667 "));
    assertTrue(text(SynthesisFlow.GENERIC, "clock.sdc").contains("-period 6.666667 "));
    assertTrue(text(SynthesisFlow.ECP5, "pins.lpf").contains("\"aclk\" 150 MHZ"));
    assertTrue(text(SynthesisFlow.ICE40, "place.sh").contains("--freq 150 "));
    assertTrue(text(SynthesisFlow.XC7, "vivado.tcl").contains("read_verilog [glob"));
    assertTrue(text(SynthesisFlow.XC7, "vivado.tcl").contains("-part $part"));
  }

  private static String text(SynthesisFlow flow, String file) {
    GeneratedFiles files = ScriptFiles.generate(design(), flow, 150);
    return files.text(file);
  }

  @Test
  void aClockOfZeroIsRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> ScriptFiles.generate(design(), SynthesisFlow.XC7, 0));
  }
}
