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
 * @param cell in it, as Yosys names it; an instance of a module, unless it begins with a dollar
 */
public record Mutant(String command, String module, String cell) {
  private static final Pattern PLACE = Pattern.compile("-module (\\S+) -cell (\\S+)");

  public Mutant {
    Objects.requireNonNull(command);
    Objects.requireNonNull(module);
    Objects.requireNonNull(cell);
  }

  /** The mutant of a line of {@code mutate -list}. */
  static Mutant of(String command) {
    Matcher place = PLACE.matcher(command);
    if (!place.find()) {
      throw new IllegalArgumentException("a mutation without a module and a cell: " + command);
    }
    return new Mutant(command, place.group(1), place.group(2));
  }

  /** Whether what it alters is a connection of an instance of another module. */
  boolean isOfInstance() {
    return !cell.startsWith("$");
  }

  @Override
  public String toString() {
    return command.replaceAll(" -src \\S+", "").replace("mutate ", "");
  }
}
