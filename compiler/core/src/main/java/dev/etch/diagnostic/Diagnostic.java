// SPDX-License-Identifier: Apache-2.0
package dev.etch.diagnostic;

import java.util.Objects;

/**
 * One message to the user: where, what is wrong, what to do.
 *
 * @param severity an error stops the command, a warning does not
 * @param location where in the user's input
 * @param message what is wrong
 * @param help what would work instead; empty if there is nothing to say
 */
public record Diagnostic(Severity severity, Location location, String message, String help) {
  /** How bad it is. */
  public enum Severity {
    ERROR,
    WARNING
  }

  public Diagnostic {
    Objects.requireNonNull(severity);
    Objects.requireNonNull(location);
    Objects.requireNonNull(message);
    Objects.requireNonNull(help);
  }

  /** An error. */
  public static Diagnostic error(Location location, String message, String help) {
    return new Diagnostic(Severity.ERROR, location, message, help);
  }

  /** A warning. */
  public static Diagnostic warning(Location location, String message, String help) {
    return new Diagnostic(Severity.WARNING, location, message, help);
  }

  /** {@code location: error: message}, then the source line with a caret, then the help. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(location).append(": ").append(severity.name().toLowerCase(java.util.Locale.ROOT));
    text.append(": ").append(message);
    if (location instanceof Location.OfText place && !place.excerpt().isEmpty()) {
      text.append("\n  ").append(place.excerpt()).append("\n  ");
      text.append(" ".repeat(Math.max(0, place.caret() - 1))).append('^');
    }
    if (!help.isEmpty()) {
      text.append("\n  help: ").append(help);
    }
    return text.toString();
  }
}
