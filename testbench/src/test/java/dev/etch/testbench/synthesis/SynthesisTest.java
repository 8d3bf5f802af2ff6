// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.synthesis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.area.Area;
import dev.etch.area.DesignArea;
import dev.etch.area.Device;
import dev.etch.hardware.Design;
import dev.etch.hardware.Target;
import dev.etch.templates.script.ScriptFiles;
import dev.etch.templates.script.SynthesisFlow;
import dev.etch.testbench.SimulationException;
import dev.etch.text.DesignParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Yosys and nextpnr on the small example of the repository. */
class SynthesisTest {
  private static final Path EXAMPLE =
      Path.of(System.getProperty("etch.root"), "hdl-out", "example");

  private static final Map<SynthesisFlow, SynthesisResult> RESULTS =
      new EnumMap<>(SynthesisFlow.class);

  private static Design design() throws IOException {
    Path file = EXAMPLE.resolve("hardware.etch");
    return DesignParser.parse(file.toString(), Files.readString(file));
  }

  private static SynthesisResult synthesize(SynthesisFlow flow) throws IOException {
    if (!RESULTS.containsKey(flow)) {
      RESULTS.put(
          flow,
          Synthesis.run(EXAMPLE.resolve("rtl"), design().name(), flow, 2, (finished, all) -> {}));
    }
    return RESULTS.get(flow);
  }

  @ParameterizedTest
  @EnumSource(SynthesisFlow.class)
  void everyModuleIsCounted(SynthesisFlow flow) throws IOException {
    Design design = design();
    SynthesisResult result = synthesize(flow);
    int modules = design.units().size() + design.arrays().size() + design.depths().size() + 2;
    assertEquals(modules, result.modules().size(), result.modules().keySet().toString());
    result
        .modules()
        .forEach((name, module) -> assertTrue(module.cells().luts() > 0, name + " " + module));
    assertTrue(result.modules().values().stream().anyMatch(m -> m.path() > 3 && !m.to().isEmpty()));
    boolean dsp = flow != SynthesisFlow.GENERIC && flow != SynthesisFlow.GOWIN;
    assertEquals(dsp ? 4 : 0, result.total().multipliers());
  }

  @Test
  void theEstimateIsNear() throws IOException {
    Cells cells = synthesize(SynthesisFlow.XC7).total();
    Area estimate = DesignArea.of(design(), Target.XC7).total();
    assertEquals(1, estimate.luts() / cells.luts(), 0.25, estimate + " for " + cells);
    assertEquals(cells.multipliers(), estimate.wholeMultipliers());
    assertEquals(cells.blocks(), estimate.wholeBlocks());
  }

  @Test
  void theExampleIsPlacedAndRouted() throws IOException {
    Design design = design();
    Device device = Placement.smallest(synthesize(SynthesisFlow.ICE40).total()).orElseThrow();
    assertEquals(Device.UP5K, device);
    String pins = ScriptFiles.pins(design, SynthesisFlow.ICE40, 12);
    Placement.Result placed = Placement.run(EXAMPLE, pins, design.name(), device, 12);
    assertEquals("", placed.problem());
    double megahertz = placed.megahertz().orElseThrow();
    assertTrue(megahertz > 5 && megahertz < 100, megahertz + " MHz");
  }

  @Test
  void brokenVerilogIsReported(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("bad.v"), "module bad (\n);\n  nonsense here\nendmodule\n");
    SimulationException failure =
        assertThrows(
            SimulationException.class,
            () -> Synthesis.run(folder, "bad", SynthesisFlow.ICE40, 1, (finished, all) -> {}));
    assertTrue(failure.getMessage().contains("yosys failed"), failure.getMessage());
  }

  @Test
  void theDeviceIsTheSmallestThatFits() {
    assertEquals(Optional.of(Device.UP5K), Placement.smallest(new Cells(5000, 4000, 8, 30)));
    assertEquals(Optional.of(Device.HX8K), Placement.smallest(new Cells(7000, 4000, 2, 32)));
    assertEquals(Optional.empty(), Placement.smallest(new Cells(7000, 4000, 8, 30)));
    assertEquals(Optional.empty(), Placement.smallest(new Cells(100, 100, 0, 33)));
  }

  @Test
  void nextpnrsLogIsRead() {
    String log =
        "Info: Max frequency for clock 'aclk': 20.10 MHz (PASS at 12.00 MHz)\n"
            + "ERROR: Unable to place cell\n"
            + "Info: Max frequency for clock 'aclk': 18.50 MHz (PASS at 12.00 MHz)\n";
    assertEquals(Optional.of(18.5), Placement.frequency(log));
    assertEquals("Unable to place cell", Placement.problem(log));
  }
}
