// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.synthesis;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What Yosys made of a design.
 *
 * @param top name of the top module
 * @param modules by name; each without the modules in it
 */
public record SynthesisResult(String top, Map<String, Module> modules) {
  public SynthesisResult {
    modules = Collections.unmodifiableMap(new LinkedHashMap<>(modules));
  }

  /**
   * A module.
   *
   * @param cells of its own
   * @param path cells on its longest combinational path; no path leads through several units
   * @param from the net where the path starts, empty if there is none
   * @param to the net where it ends
   */
  public record Module(Cells cells, int path, String from, String to) {}

  /** All cells. */
  public Cells total() {
    return modules.values().stream().map(Module::cells).reduce(Cells.NONE, Cells::plus);
  }
}
