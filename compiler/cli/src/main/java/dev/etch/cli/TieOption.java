// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import picocli.CommandLine.Option;

/** Whether averages may round ties otherwise than the framework does. */
final class TieOption {
  @Option(
      names = "--accept-average-ties",
      description =
          "Take models with averages that ONNX Runtime rounds by the order of its float sums: "
              + "about one of their outputs in a hundred is a step off.")
  private boolean accepted;

  boolean accepted() {
    return accepted;
  }
}
