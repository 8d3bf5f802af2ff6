// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.synthesis;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What Yosys made of a design.
 *
 * @param top name of the top module
 * @param modules cells of each module by its name, without those of the modules in it
 */
public record SynthesisResult(String top, Map<String, Cells> modules) {
  public SynthesisResult {
    modules = Collections.unmodifiableMap(new LinkedHashMap<>(modules));
  }

  /** All cells. */
  public Cells total() {
    return modules.values().stream().reduce(Cells.NONE, Cells::plus);
  }
}
