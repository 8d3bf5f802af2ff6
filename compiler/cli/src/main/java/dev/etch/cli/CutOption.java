// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.importer.Cut;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Which part of a model is meant. */
final class CutOption {
  @Option(
      names = "--inputs",
      paramLabel = "NAME",
      split = ",",
      description = "Tensors to begin at in place of the model's inputs; what gives them is cut.")
  private List<String> inputs = new ArrayList<>();

  @Option(
      names = "--outputs",
      paramLabel = "NAME",
      split = ",",
      description = "Tensors to end at in place of the model's outputs; what reads them is cut.")
  private List<String> outputs = new ArrayList<>();

  Cut cut() {
    return new Cut(inputs, outputs);
  }
}
