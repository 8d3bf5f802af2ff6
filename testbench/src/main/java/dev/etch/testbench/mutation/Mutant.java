// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.mutation;

import java.util.Objects;

/**
 * A design in which one bit of one cell's port is altered.
 *
 * @param command of Yosys that alters it
 * @param module that it alters
 */
public record Mutant(String command, String module) {
  public Mutant {
    Objects.requireNonNull(command);
    Objects.requireNonNull(module);
  }

  @Override
  public String toString() {
    return command.replaceAll(" -src \\S+", "").replace("mutate ", "");
  }
}
