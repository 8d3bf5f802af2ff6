// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates.script;

import java.util.Arrays;
import java.util.Optional;

/** The Yosys command of a device family, and what places and routes it. */
public enum SynthesisFlow {
  GENERIC("generic", "synth -flatten -top %s"),
  XC7("xc7", "synth_xilinx -flatten -family xc7 -top %s"),
  ICE40("ice40", "synth_ice40 -dsp -top %s"),
  ECP5("ecp5", "synth_ecp5 -top %s"),
  GOWIN("gowin", "synth_gowin -top %s");

  private final String id;
  private final String command;

  SynthesisFlow(String id, String command) {
    this.id = id;
    this.command = command;
  }

  /** Name on the command line. */
  public String id() {
    return id;
  }

  /** The Yosys command for a top module whose name is already known to be legal. */
  public String command(String top) {
    return String.format(command, top);
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
