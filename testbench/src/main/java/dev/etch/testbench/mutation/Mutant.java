// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.mutation;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A design in which one bit of one cell's port is altered.
 *
 * @param command of Yosys that alters it
 * @param module that it alters
 */
public record Mutant(String command, String module) {
  private static final Pattern MODULE = Pattern.compile("-module (\\S+)");

  public Mutant {
    Objects.requireNonNull(command);
    Objects.requireNonNull(module);
  }

  /** The mutant of a line of {@code mutate -list}. */
  static Mutant of(String command) {
    Matcher name = MODULE.matcher(command);
    if (!name.find()) {
      throw new IllegalArgumentException("a mutation without a module: " + command);
    }
    return new Mutant(command, name.group(1));
  }

  @Override
  public String toString() {
    return command.replaceAll(" -src \\S+", "").replace("mutate ", "");
  }
}
