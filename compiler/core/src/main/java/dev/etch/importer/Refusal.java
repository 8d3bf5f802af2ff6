// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer;

/**
 * Part of a model cannot be read. Whoever knows the place catches it and reports a located
 * diagnostic; it never leaves the importer.
 */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String help;

  /** What is wrong, and what would work instead (may be empty). */
  public Refusal(String message, String help) {
    super(message, null, false, false);
    this.help = help;
  }

  /** What would work instead; may be empty. */
  public String help() {
    return help;
  }
}
