// SPDX-License-Identifier: Apache-2.0
package dev.etch.diagnostic;

import java.util.List;
import java.util.stream.Collectors;

/** The user's input cannot be used; carries every diagnostic. Never a bug of the compiler. */
public final class DiagnosticException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Diagnostic> diagnostics;

  /** Carries {@code diagnostics}, at least one of them an error. */
  public DiagnosticException(List<Diagnostic> diagnostics) {
    super(diagnostics.stream().map(Diagnostic::toString).collect(Collectors.joining("\n")));
    this.diagnostics = List.copyOf(diagnostics);
  }

  /** Carries one error. */
  public DiagnosticException(Location location, String message, String help) {
    this(List.of(Diagnostic.error(location, message, help)));
  }

  /** All messages. */
  public List<Diagnostic> diagnostics() {
    return diagnostics;
  }
}
