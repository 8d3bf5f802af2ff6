// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.hardware.RomContents;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code etch compile}: model to accelerator. */
@Command(
    name = "compile",
    mixinStandardHelpOptions = true,
    description = "Compiles a model to Verilog, a Java driver, a testbench, scripts and a report.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  etch compile model.onnx --multipliers 32",
      "  etch compile model.onnx --target xc7 --clock 150 --fps 1000 -o hdl-out/fast",
      "  etch compile model.onnx -m model.mapping.etch"
    })
final class CompileCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "MODEL", description = "Model file.")
  private Path model;

  @Mixin private MappingOptions mapping;

  @Mixin private ModelOptions reading;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      description = "Folder to write; hdl-out/<model> if not given.")
  private Path output;

  @Option(
      names = "--rom-files",
      description =
          "Contents of read-only memories in files beside the Verilog, which reads them with "
              + "$readmemh, in place of assignments in it.")
  private boolean romFiles;

  @Mixin private OverwriteOption overwrite;

  @Override
  public Integer call() throws IOException {
    Path folder = output == null ? Workspace.defaultOutput(model) : output;
    Console console = new Console(spec);
    OutputFolder.requireFree(folder, overwrite.forced());
    Compilation compilation = Pipeline.compile(model, mapping, reading);
    compilation.warnings().forEach(console::warn);
    try (OutputFolder target = new OutputFolder(folder, overwrite.forced())) {
      Pipeline.generate(compilation, contents(), target.folder());
      target.commit();
    }
    console.print(compilation.summary());
    console.print("Written to " + folder + "; open report.html there.");
    return ExitCode.FINE;
  }

  private RomContents contents() {
    return romFiles ? RomContents.IN_FILES : RomContents.IN_VERILOG;
  }
}
