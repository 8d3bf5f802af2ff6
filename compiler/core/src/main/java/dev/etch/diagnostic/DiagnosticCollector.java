// SPDX-License-Identifier: Apache-2.0
package dev.etch.diagnostic;

import java.util.ArrayList;
import java.util.List;

/** Accumulates diagnostics, so that a command reports all that is wrong and not only the first. */
public final class DiagnosticCollector {
  private final List<Diagnostic> diagnostics = new ArrayList<>();

  /** Adds one message. */
  public void report(Diagnostic diagnostic) {
    diagnostics.add(diagnostic);
  }

  /** Adds an error. */
  public void error(Location location, String message, String help) {
    report(Diagnostic.error(location, message, help));
  }

  /** Adds a warning. */
  public void warning(Location location, String message, String help) {
    report(Diagnostic.warning(location, message, help));
  }

  /** All messages so far, in order. */
  public List<Diagnostic> diagnostics() {
    return List.copyOf(diagnostics);
  }

  /** Whether any message is an error. */
  public boolean hasErrors() {
    return diagnostics.stream().anyMatch(d -> d.severity() == Diagnostic.Severity.ERROR);
  }

  /**
   * Ends the phase if there were errors; what says the same of several nodes becomes one message.
   *
   * @throws DiagnosticException with all messages so far
   */
  public void throwIfErrors() {
    if (hasErrors()) {
      throw new DiagnosticException(Repeats.merged(diagnostics));
    }
  }
}
