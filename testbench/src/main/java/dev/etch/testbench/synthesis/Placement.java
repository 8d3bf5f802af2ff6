// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.synthesis;

import dev.etch.area.Device;
import dev.etch.area.Shortage;
import dev.etch.diagnostic.CompilerBug;
import dev.etch.templates.script.SynthesisFlow;
import dev.etch.testbench.ToolRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Places and routes a design on an iCE40 device with nextpnr, behind registers that need four pins
 * only ({@code scripts/place_pins.v}), so that all of its logic and its timing are real.
 */
public final class Placement {
  private static final long TIMEOUT_SECONDS = 3600;
  private static final Pattern FREQUENCY =
      Pattern.compile("Max frequency for clock '[^']*': ([0-9.]+) MHz");

  /** Tables that replace a DSP block on a device that has none: a product of 8 by 8 bits. */
  private static final int TABLES_OF_PRODUCT = 90;

  private Placement() {}

  /**
   * What nextpnr reached.
   *
   * @param device that was used
   * @param megahertz highest clock that timing analysis allows; empty if it did not fit
   * @param problem what nextpnr said if it did not
   */
  public record Result(Device device, Optional<Double> megahertz, String problem) {}

  /** Whether nextpnr for iCE40 is installed. */
  public static boolean isPossible(SynthesisFlow flow) {
    return flow == SynthesisFlow.ICE40 && ToolRunner.isPresent("nextpnr-ice40");
  }

  /** The smallest device that should hold the cells; empty if none does. */
  public static Optional<Device> smallest(Cells cells) {
    for (Device device : List.of(Device.UP5K, Device.HX8K)) {
      boolean dsp = device.multipliers() > 0;
      long luts = cells.luts() + (dsp ? 0 : TABLES_OF_PRODUCT * cells.multipliers());
      long multipliers = dsp ? cells.multipliers() : 0;
      if (Shortage.of(luts, multipliers, cells.blocks(), device).isEmpty()) {
        return Optional.of(device);
      }
    }
    return Optional.empty();
  }

  /**
   * Synthesizes, places and routes.
   *
   * @param folder of the compiled model, with {@code rtl} and {@code scripts}
   * @param pins Verilog of the wrapper with few pins
   * @param top name of the top module
   * @param device an iCE40 device
   * @param clockMegahertz to aim at
   */
  public static Result run(
      Path folder, String pins, String top, Device device, double clockMegahertz)
      throws IOException {
    ToolRunner.require("nextpnr-ice40", "nextpnr-ice40");
    Path work = Files.createTempDirectory("etch-place");
    try {
      Files.writeString(work.resolve("pins.v"), pins);
      Files.copy(folder.resolve("rtl").resolve(top + ".v"), work.resolve("top.v"));
      String dsp = device.multipliers() > 0 ? "-dsp " : "";
      String script =
          "read_verilog top.v pins.v; synth_ice40 " + dsp + "-top " + top + "_pins -json top.json";
      ToolRunner.runChecked(work, TIMEOUT_SECONDS, List.of("yosys", "-q", "-p", script));
      ToolRunner.Outcome outcome =
          ToolRunner.run(
              work,
              TIMEOUT_SECONDS,
              List.of(
                  "nextpnr-ice40",
                  "--" + device.id(),
                  "--package",
                  packageOf(device),
                  "--json",
                  "top.json",
                  "--pcf-allow-unconstrained",
                  "--timing-allow-fail",
                  "--freq",
                  String.format(Locale.ROOT, "%.3f", clockMegahertz),
                  "--seed",
                  "1",
                  "--asc",
                  "top.asc"));
      return outcome.exitCode() == 0
          ? new Result(device, frequency(outcome.output()), "")
          : new Result(device, Optional.empty(), problem(outcome.output()));
    } finally {
      delete(work);
    }
  }

  private static String packageOf(Device device) {
    return switch (device) {
      case UP5K -> "sg48";
      case HX8K -> "ct256";
      default -> throw new CompilerBug(device.id() + " is not an iCE40 device");
    };
  }

  /** The last one: the first is an estimate from before routing. */
  static Optional<Double> frequency(String log) {
    Matcher matcher = FREQUENCY.matcher(log);
    Optional<Double> last = Optional.empty();
    while (matcher.find()) {
      last = Optional.of(Double.parseDouble(matcher.group(1)));
    }
    return last;
  }

  /** The error in nextpnr's log. */
  static String problem(String log) {
    return log.lines()
        .filter(line -> line.startsWith("ERROR:"))
        .findFirst()
        .map(line -> line.substring("ERROR:".length()).strip())
        .orElse("nextpnr-ice40 failed without saying why");
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
