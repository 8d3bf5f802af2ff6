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
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
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
    List<String> queues = List.copyOf(design.queueModules().values());
    queues.forEach(
        name ->
            assertEquals(Collections.frequency(queues, name), result.instances().get(name), name));
    long different = queues.stream().distinct().count();
    long modules = design.units().size() + design.arrays().size() + different + 2;
    assertEquals(modules, result.modules().size(), result.modules().keySet().toString());
    result.modules().forEach((name, cells) -> assertTrue(cells.luts() > 0, name + " " + cells));
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
    Device device =
        PlaceAndRoute.smallest(SynthesisFlow.ICE40, synthesize(SynthesisFlow.ICE40).total())
            .orElseThrow();
    assertEquals(Device.UP5K, device);
    List<RouteResult> routed = route(device, 12, 2);
    assertEquals(List.of(1, 2), routed.stream().map(RouteResult::seed).toList());
    for (RouteResult result : routed) {
      assertEquals("", result.problem());
      double megahertz = result.fmaxMegahertz().orElseThrow();
      assertTrue(megahertz > 5 && megahertz < 100, megahertz + " MHz");
      CriticalPath path = result.paths().get(0);
      assertEquals(
          1000 / megahertz, path.logicNanoseconds() + path.routingNanoseconds(), 0.1, path + "");
    }
  }

  private static List<RouteResult> route(Device device, double clock, int seeds)
      throws IOException {
    String pins = ScriptFiles.pins(design(), SynthesisFlow.ICE40, clock);
    return PlaceAndRoute.run(
        EXAMPLE.resolve("rtl"), pins, design().name(), device, clock, seeds, done -> {});
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
    assertEquals(Optional.of(Device.UP5K), smallest(new Cells(5000, 4000, 8, 30)));
    assertEquals(Optional.of(Device.HX8K), smallest(new Cells(7000, 4000, 2, 32)));
    assertEquals(Optional.empty(), smallest(new Cells(7000, 4000, 8, 30)));
    assertEquals(Optional.empty(), smallest(new Cells(100, 100, 0, 33)));
  }

  private static Optional<Device> smallest(Cells cells) {
    return PlaceAndRoute.smallest(SynthesisFlow.ICE40, cells);
  }

  @Test
  void nextpnrsReportIsRead() {
    assertEquals(
        Optional.of(75.4),
        RouteReport.fmaxMegahertz(
            "{\"fmax\": {\"aclk\": {\"achieved\": 75.4, \"constraint\": 80}}}"));
    assertThrows(SimulationException.class, () -> RouteReport.fmaxMegahertz("{"));
    assertEquals("Unable to place cell", PlaceAndRoute.problem("x\nERROR: Unable to place cell\n"));
  }
}
