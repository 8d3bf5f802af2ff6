// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

/** Exit codes are a contract with scripts. */
final class ExitCode {
  /** All is well. */
  static final int FINE = 0;

  /** Hardware and reference differ. */
  static final int MISMATCH = 1;

  /** Bad usage or bad input. */
  static final int BAD_INPUT = 2;

  /** A tool is missing. */
  static final int TOOL_MISSING = 3;

  /** The design does not fit the device. */
  static final int DOES_NOT_FIT = 4;

  /** A bug in Etch. */
  static final int BUG = 70;

  private ExitCode() {}
}
