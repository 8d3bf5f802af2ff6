// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.testbench.Optimization;
import dev.etch.testbench.SimulatorCache;
import dev.etch.testbench.VerilatorBuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code etch simulator}: the Verilog as a program. */
@Command(
    name = "simulator",
    mixinStandardHelpOptions = true,
    description =
        "Builds a simulator of a compiled model with Verilator. The generated driver talks to it "
            + "as it does to a board.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  etch simulator hdl-out/model -o simulator",
      "  cd hdl-out/model/driver && mvn test -Detch.simulator=$OLDPWD/simulator"
    })
final class SimulatorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "Folder that etch compile wrote.")
  private Path folder;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      required = true,
      description = "Program to write.")
  private Path output;

  @Override
  public Integer call() throws IOException {
    OutputFile.requireWritable(output);
    Compilation compilation = CompiledFolder.load(folder);
    Path rtl = folder.resolve(CompiledFolder.RTL);
    Path program =
        new VerilatorBuild(SimulatorCache.standard())
            .build(
                new VerilatorBuild.Request(
                    rtl, compilation.design().name(), Optimization.FULL, false));
    OutputFile.write(output, file -> Files.copy(program, file, StandardCopyOption.COPY_ATTRIBUTES));
    new Console(spec).say("written to " + output);
    return ExitCode.FINE;
  }
}
