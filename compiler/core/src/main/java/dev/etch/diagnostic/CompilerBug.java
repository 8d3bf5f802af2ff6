// SPDX-License-Identifier: Apache-2.0
package dev.etch.diagnostic;

/** An invariant of Etch itself does not hold: a bug to report, not a fault of the input. */
public final class CompilerBug extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /** A bug described by a message that stays the same between releases. */
  public CompilerBug(String message) {
    super("bug in Etch: " + message);
  }

  /** A bug caused by another exception. */
  public CompilerBug(String message, Throwable cause) {
    super("bug in Etch: " + message, cause);
  }
}
