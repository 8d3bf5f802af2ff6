// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import picocli.CommandLine.Option;

/** Whether models are refused whose framework computes sums of floats in an order of its own. */
final class StrictOption {
  @Option(
      names = "--strict",
      description =
          "Refuse what would only be a warning: layers and averages where the framework sums "
              + "floats in an order of its own, so that its result can differ from Etch's exact "
              + "one by the stated bound.")
  private boolean strict;

  boolean strict() {
    return strict;
  }
}
