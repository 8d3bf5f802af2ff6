// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

/** A program that is not part of Etch is not installed. The command line exits with 3. */
public final class ToolMissingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String tool;

  /** Names the missing program and the Debian package that has it. */
  public ToolMissingException(String tool, String debianPackage) {
    super(
        "'"
            + tool
            + "' was not found on the PATH; install it, on Debian and Ubuntu with: apt-get install "
            + debianPackage);
    this.tool = tool;
  }

  private ToolMissingException(String library) {
    super(library + " is not on the class path; start Etch with ./etch, which fetches it");
    this.tool = library;
  }

  /** A library that the launcher fetches is not on the class path. */
  public static ToolMissingException library(String library) {
    return new ToolMissingException(library);
  }

  /** The program. */
  public String tool() {
    return tool;
  }
}
