// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import picocli.CommandLine.Option;

/** Whether an output folder is replaced although a user has changed files in it. */
final class OverwriteOption {
  @Option(
      names = "--force",
      description = "Overwrite the output folder even if files in it were changed or added.")
  private boolean forced;

  boolean forced() {
    return forced;
  }
}
