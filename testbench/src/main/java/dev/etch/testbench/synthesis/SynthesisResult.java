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
 * @param instances how often the top module has each other one, if it has it
 */
public record SynthesisResult(
    String top, Map<String, Cells> modules, Map<String, Integer> instances) {
  public SynthesisResult {
    modules = Collections.unmodifiableMap(new LinkedHashMap<>(modules));
    instances = Map.copyOf(instances);
  }

  /** All cells. */
  public Cells total() {
    return modules.entrySet().stream()
        .map(module -> module.getValue().times(instances.getOrDefault(module.getKey(), 1)))
        .reduce(Cells.NONE, Cells::plus);
  }
}
