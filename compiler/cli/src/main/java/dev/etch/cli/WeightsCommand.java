// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.diagnostic.Diagnostic;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.templates.driver.DriverProject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code etch weights}: another training for hardware that exists. */
@Command(
    name = "weights",
    mixinStandardHelpOptions = true,
    description =
        "Makes a file of a model's weights that the driver of a compiled model loads. The model has "
            + "to have the layers of the one that was compiled, with --weights reloadable.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  etch compile model.onnx --weights reloadable --headroom 20% -o hdl-out/model",
      "  etch weights hdl-out/model trained-again.onnx -o weights.bin",
      "  etch verify hdl-out/model --weights weights.bin"
    })
final class WeightsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "DIR", description = "Folder that etch compile wrote.")
  private Path folder;

  @Parameters(index = "1", paramLabel = "MODEL", description = "Model file.")
  private Path model;

  @Mixin private ModelOptions reading;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      required = true,
      description = "File to write.")
  private Path output;

  @Option(
      names = "--driver",
      paramLabel = "DIR",
      description =
          "Also write the host driver of this model to this folder: needed if what the host computes "
              + "around the accelerator differs, as with other scales of input or output.")
  private Path driver;

  @Mixin private OverwriteOption overwrite;

  @Override
  public Integer call() throws IOException {
    Console console = new Console(spec);
    OutputFile.requireWritable(output);
    if (driver != null) {
      OutputFolder.requireFree(driver, overwrite.forced());
    }
    Compilation compiled = CompiledFolder.load(folder);
    DiagnosticCollector diagnostics = new DiagnosticCollector();
    Graph read = Pipeline.read(model, reading, diagnostics);
    // The design is named after the network, and so are the parts of its driver.
    Graph other = new Graph(compiled.graph().name(), read.inputs(), read.outputs(), read.nodes());
    LoadedWeights weights = LoadedWeights.of(compiled, other, reading.strict(), diagnostics);
    diagnostics.diagnostics().stream().map(Diagnostic::toString).forEach(console::warn);
    if (driver != null) {
      try (OutputFolder target = new OutputFolder(driver, overwrite.forced())) {
        Companions.driver(weights.design(), compiled.designHash(), weights.file(), target.folder());
        target.commit();
      }
    }
    byte[] bytes = weights.file().bytes();
    OutputFile.write(output, file -> Files.write(file, bytes));
    console.print(summary(weights, bytes.length));
    if (driver == null && weights.file().hostHash() != hostHash(compiled)) {
      console.warn(
          "the host computes something else around these weights than around the compiled ones: the"
              + " driver that was compiled refuses them, add --driver DIR");
    }
    return ExitCode.FINE;
  }

  private static int hostHash(Compilation compiled) {
    return DriverProject.hostHash(compiled.scheduled().lowered().model());
  }

  private String summary(LoadedWeights weights, int bytes) {
    return String.format(
        Locale.ROOT,
        "%s: %,d words%s, %,d bytes with the model; %,d cycles per frame (predicted); design"
            + " %08x, weights %08x",
        output,
        weights.file().image().words(),
        weights
            .file()
            .outside()
            .map(held -> String.format(Locale.ROOT, " and %,d bytes outside", held.length))
            .orElse(""),
        bytes,
        weights.design().prediction().cyclesPerFrame(),
        weights.file().image().designHash(),
        weights.file().image().crc());
  }
}
