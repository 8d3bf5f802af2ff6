// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.hardware.Target;
import dev.etch.testbench.Synthesis;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code etch synth}: cells, as Yosys counts them. */
@Command(
    name = "synth",
    mixinStandardHelpOptions = true,
    description = "Synthesizes a compiled model with Yosys and prints the cells.",
    footerHeading = "%nExamples:%n",
    footer = {"  etch synth hdl-out/model", "  etch synth hdl-out/model --target xc7"})
final class SynthCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "Folder that etch compile wrote.")
  private Path folder;

  @Option(
      names = "--target",
      paramLabel = "NAME",
      description = "generic, xc7, ecp5, ice40 or gowin; the one it was compiled for if not given.")
  private String target;

  @Override
  public Integer call() throws IOException {
    Compilation compilation = CompiledFolder.load(folder);
    Target family =
        target == null ? compilation.scheduled().mapping().target() : Constraints.target(target);
    Path rtl = folder.resolve(CompiledFolder.RTL);
    new Console(spec)
        .print(Synthesis.cells(rtl, compilation.design().name(), Companions.flow(family)).strip());
    return ExitCode.FINE;
  }
}
