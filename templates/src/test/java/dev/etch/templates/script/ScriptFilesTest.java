// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates.script;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.area.Device;
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
import java.util.Optional;
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
    ScriptFiles.generate(design(), flow, Optional.empty(), 24).writeTo(scripts);
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
  @EnumSource(names = {"ICE40", "ECP5", "GOWIN", "NEXUS"})
  void yosysTakesTheWrapperForPlacement(SynthesisFlow flow, @TempDir Path folder) throws Exception {
    Path scripts = scripts(folder, flow);
    run(scripts, "sh", "-n", "place.sh");
    Path bin = Files.createDirectories(folder.resolve("bin"));
    for (Device device : Placement.devices(flow)) {
      Placement placement = Placement.of(device).orElseThrow();
      // What the script gives nextpnr and the packer is printed in their place.
      for (String tool : List.of(placement.tool(), placement.pack().split(" ")[0])) {
        Path program = bin.resolve(tool);
        Files.writeString(program, "#!/bin/sh\necho \"$@\" >> called.txt\n");
        assertTrue(program.toFile().setExecutable(true));
      }
      run(scripts, "sh", "-c", "PATH=" + bin + ":$PATH ./place.sh " + device.id() + " --seed 3");
      String called = Files.readString(scripts.resolve("called.txt"));
      assertTrue(called.contains(String.join(" ", placement.arguments())), called);
      assertTrue(called.contains(" --seed 3"), called);
      Files.delete(scripts.resolve("called.txt"));
      assertTrue(Files.size(scripts.resolve("top_pins.json")) > 1000);
      // One synthesis for each family is enough.
      Files.copy(bin.resolve(placement.tool()), bin.resolve("yosys"), REPLACE_EXISTING);
    }
  }

  @Test
  void theDeviceThatIsAskedForIsPlaced() {
    GeneratedFiles files =
        ScriptFiles.generate(design(), SynthesisFlow.ECP5, Optional.of(Device.ECP5_45K), 50);
    assertTrue(files.text("place.sh").contains("set -- ecp5-45k"), files.text("place.sh"));
    files = ScriptFiles.generate(design(), SynthesisFlow.ECP5, Optional.empty(), 50);
    assertTrue(files.text("place.sh").contains("set -- ecp5-25k"), files.text("place.sh"));
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
    GeneratedFiles files = ScriptFiles.generate(design(), flow, Optional.empty(), 150);
    return files.text(file);
  }

  @Test
  void aClockOfZeroIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> ScriptFiles.generate(design(), SynthesisFlow.XC7, Optional.empty(), 0));
  }
}
