// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.synthesis;

import dev.etch.testbench.ToolMissingException;
import dev.etch.testbench.ToolRunner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the programs that synthesize and place: those on the PATH first, else those of the Python
 * packages {@code yowasp-*}, WebAssembly builds that the launcher installs into a folder of Etch's
 * own.
 */
final class RouteTools {
  /** The property by which the launcher says where it installs Python packages. */
  private static final String FOLDER = "etch.tools";

  private static final Pattern VERSION = Pattern.compile("\\b\\d+\\.\\d+(\\.\\d+)*\\b");

  private RouteTools() {}

  /**
   * A program to start.
   *
   * @param tool its name on the PATH
   * @param wasmTool its name in the Python package
   * @throws ToolMissingException if there is neither
   */
  static String find(String tool, String wasmTool) {
    if (ToolRunner.isPresent(tool)) {
      return tool;
    }
    String folder = System.getProperty(FOLDER);
    if (folder != null && Files.isExecutable(Path.of(folder, "bin", wasmTool))) {
      return Path.of(folder, "bin", wasmTool).toString();
    }
    throw new ToolMissingException(tool, tool);
  }

  /** Its name with the version that it says it has, which begins with the first digit. */
  static String version(String name, String tool, String wasmTool) {
    String found = find(tool, wasmTool);
    String said = ToolRunner.run(Path.of("."), 60, List.of(found, "--version")).output();
    Matcher version = VERSION.matcher(said);
    return version.find() ? name + " " + version.group() : name;
  }
}
