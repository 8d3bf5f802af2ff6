// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates.script;

import java.util.Arrays;
import java.util.Optional;

/** The Yosys command of a device family, and what places and routes it. */
public enum SynthesisFlow {
  GENERIC("generic", "synth -flatten -top %s", "synth -top %s"),
  XC7(
      "xc7",
      "synth_xilinx -flatten -family xc7 -top %s",
      "synth_xilinx -family xc7 -noiopad -noclkbuf -top %s"),
  ICE40("ice40", "synth_ice40 -dsp -top %s", "synth_ice40 -dsp -noflatten -top %s"),
  ECP5("ecp5", "synth_ecp5 -top %s", "synth_ecp5 -noflatten -top %s"),
  /**
   * With wide tables, Yosys 0.23 makes trees of multiplexers whose leaves are tables of one input.
   */
  GOWIN(
      "gowin",
      "synth_gowin -nowidelut -top %s",
      "synth_gowin -nowidelut -noflatten -noiopads -top %s"),
  NEXUS(
      "nexus",
      "synth_nexus -family lifcl -top %s",
      "synth_nexus -family lifcl -noflatten -noiopad -top %s");

  private final String id;
  private final String command;
  private final String unitCommand;

  SynthesisFlow(String id, String command, String unitCommand) {
    this.id = id;
    this.command = command;
    this.unitCommand = unitCommand;
  }

  /** Name on the command line. */
  public String id() {
    return id;
  }

  /** The Yosys command for a top module whose name is already known to be legal. */
  public String command(String top) {
    return String.format(command, top);
  }

  /** The same for a module inside a design: without pads, and with the modules in it kept. */
  public String unitCommand(String top) {
    return String.format(unitCommand, top);
  }

  /** The flow of that name. */
  public static Optional<SynthesisFlow> byId(String id) {
    return Arrays.stream(values()).filter(flow -> flow.id.equals(id)).findFirst();
  }

  @Override
  public String toString() {
    return id;
  }
}
