// SPDX-License-Identifier: Apache-2.0
package dev.etch.diagnostic;

/** Operands do not fit an operator; whoever knows the node turns this into a located diagnostic. */
public final class OperatorException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String help;

  /** What is wrong, and what would work instead. */
  public OperatorException(String message, String help) {
    super(message);
    this.help = help;
  }

  /** What would work instead; may be empty. */
  public String help() {
    return help;
  }
}
