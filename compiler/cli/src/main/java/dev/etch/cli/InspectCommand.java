// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code etch inspect}: what is in a model. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description = "Shows operators, shapes, bits, sparsity and MACs, and what is not supported.",
    footerHeading = "%nExamples:%n",
    footer = {"  etch inspect model.onnx", "  etch inspect model.onnx --json"})
final class InspectCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "MODEL", description = "Model file.")
  private Path model;

  @Mixin private ModelOptions reading;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    Inspection inspection = Inspection.of(model, reading);
    var out = spec.commandLine().getOut();
    out.print(json ? inspection.toJson() : inspection.toTable());
    out.flush();
    inspection.warnings().forEach(w -> spec.commandLine().getErr().println(w));
    inspection.problems().forEach(p -> spec.commandLine().getErr().println(p));
    return inspection.problems().isEmpty() ? ExitCode.FINE : ExitCode.BAD_INPUT;
  }
}
