// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code etch demo}: the whole chain on the sample model. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description =
        "Compiles the sample model, a pruned int8 LeNet-5, and verifies it on real images.")
final class DemoCommand implements Callable<Integer> {
  private static final String MODEL = "testbench/models/lenet5-fashion";

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Console console = new Console(spec);
    Path sample = Workspace.root().resolve(MODEL);
    Path output = Workspace.root().resolve("hdl-out/demo");
    String model = sample.resolve("lenet5.onnx").toString();
    for (List<String> command :
        List.of(
            List.of("inspect", model),
            // The demo's folder is its own, and is written anew each time.
            List.of("compile", model, "--multipliers", "32", "--force", "-o", output.toString()),
            List.of(
                "verify",
                output.toString(),
                "--dataset",
                sample.resolve("test-images.idx3-ubyte.gz").toString(),
                "--labels",
                sample.resolve("test-labels.idx1-ubyte.gz").toString(),
                "--stall",
                "0.2"))) {
      console.print("\n$ etch " + String.join(" ", command));
      int code = Main.execute(command.toArray(String[]::new));
      if (code != ExitCode.FINE) {
        return code;
      }
    }
    console.print("\nThe report is " + output.resolve("report.html"));
    return ExitCode.FINE;
  }
}
