// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The entry point of {@code ./etch}. */
@Command(
    name = "etch",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Compiles a compressed neural network to Verilog that is proved bit-exact.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  etch demo",
      "  etch inspect model.onnx",
      "  etch compile model.onnx --target xc7 --multipliers 32 -o hdl-out/model",
      "  etch verify hdl-out/model --random 20 --stall 0.5 --seed 7",
      "  etch compress --architecture lenet-5 --data train-images-idx3-ubyte.gz -o small.etch",
      "  etch weights hdl-out/model trained-again.onnx -o weights.bin",
      "",
      "Exit codes: 0 fine, 1 hardware and reference differ, 2 bad usage or input,",
      "3 a tool is missing, 4 the design does not fit the device, 70 a bug in Etch."
    },
    subcommands = {
      DemoCommand.class,
      InspectCommand.class,
      CompileCommand.class,
      CompressCommand.class,
      ConvertCommand.class,
      WeightsCommand.class,
      VerifyCommand.class,
      RunCommand.class,
      SimulatorCommand.class,
      SynthCommand.class,
      BenchCommand.class,
      CacheCommand.class,
      AutoComplete.GenerateCompletion.class,
      CommandLine.HelpCommand.class
    })
public final class Main {
  private Main() {}

  /** Runs one command and exits with its code. */
  public static void main(String[] arguments) {
    System.exit(execute(arguments));
  }

  /** Runs one command; never throws. */
  static int execute(String... arguments) {
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler((e, command, parsed) -> Failures.report(e, command.getErr()))
        .setParameterExceptionHandler(UsageErrors::report)
        .setExitCodeExceptionMapper(e -> ExitCode.BAD_INPUT)
        .setUsageHelpAutoWidth(true)
        .execute(arguments);
  }
}
