// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.templates.script.SynthesisFlow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Runs Yosys on the Verilog of a design. */
public final class Synthesis {
  private static final long TIMEOUT_SECONDS = 3600;

  private Synthesis() {}

  /**
   * The cells that a design takes.
   *
   * @param rtl folder with the {@code .v} files
   * @param top name of the top module, a legal identifier
   * @param flow of the device family
   * @return what Yosys' {@code stat} prints for the whole design
   * @throws ToolMissingException if Yosys is not installed
   */
  public static String cells(Path rtl, String top, SynthesisFlow flow) throws IOException {
    ToolRunner.require("yosys", "yosys");
    List<String> command = new ArrayList<>(List.of("yosys", "-q"));
    command.add("-p");
    command.add(flow.command(top) + "; tee -o /dev/stdout stat");
    try (Stream<Path> files = Files.list(rtl)) {
      files
          .map(Path::getFileName)
          .map(Path::toString)
          .filter(f -> f.endsWith(".v"))
          .sorted()
          .forEach(command::add);
    }
    return ToolRunner.runChecked(rtl, TIMEOUT_SECONDS, command);
  }
}
