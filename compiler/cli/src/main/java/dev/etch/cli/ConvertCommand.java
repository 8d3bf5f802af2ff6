// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.diagnostic.Diagnostic;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code etch convert}: a model in another form. */
@Command(
    name = "convert",
    mixinStandardHelpOptions = true,
    description =
        "Writes a model in another form: as text, as few bytes, or as ONNX with QuantizeLinear and "
            + "DequantizeLinear, sparse initializers and codebooks that are gathered from.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  etch convert small.etchz -o small.onnx",
      "  etch convert model.onnx -o model.etch",
    })
final class ConvertCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "MODEL", description = "Model file.")
  private Path model;

  @Mixin private ModelOptions reading;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      required = true,
      description = "File to write, whose name ends in .etch, .etchz or .onnx.")
  private Path output;

  @Override
  public Integer call() throws IOException {
    OutputFile.requireWritable(output);
    ModelOutput.Form form = ModelOutput.form(output);
    Console console = new Console(spec);
    DiagnosticCollector diagnostics = new DiagnosticCollector();
    Graph graph = Pipeline.read(model, reading, diagnostics);
    diagnostics.diagnostics().stream().map(Diagnostic::toString).forEach(console::warn);
    byte[] bytes = form.bytes(graph);
    OutputFile.write(output, file -> Files.write(file, bytes));
    console.say("written to " + output + ", " + bytes.length + " bytes");
    return ExitCode.FINE;
  }
}
