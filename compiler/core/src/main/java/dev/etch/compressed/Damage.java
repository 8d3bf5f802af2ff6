// SPDX-License-Identifier: Apache-2.0
package dev.etch.compressed;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;

/** Diagnostics of files that are not what they should be. */
final class Damage {
  private Damage() {}

  /** What is wrong, as a sentence about "it". */
  static DiagnosticException of(String file, String what) {
    return of(file, what, "copy the file once more, or make it again");
  }

  /** The same with other help. */
  static DiagnosticException of(String file, String what, String help) {
    return new DiagnosticException(
        Location.file(file), "the compressed model cannot be read: " + what, help);
  }
}
