// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * What is wrong with the Verilog apart from wrong bits: it does not build, it hangs, it breaks a
 * rule of AXI, it gives beats that nobody asked for, or a register reads a wrong value.
 *
 * @param description for people: what, and in which cycle
 * @param waveform value change dump of the cycles around it, if the design could be simulated
 */
public record Fault(String description, Optional<Path> waveform) {
  public Fault {
    Objects.requireNonNull(description);
    Objects.requireNonNull(waveform);
  }

  @Override
  public String toString() {
    return description + waveform.map(w -> "; waveform: " + w).orElse("");
  }
}
