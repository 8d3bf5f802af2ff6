// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.graph.Graph;
import dev.etch.schedule.Mapping;
import dev.etch.text.GraphParser;
import dev.etch.text.MappingParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads back what {@link Pipeline#generate} wrote: graph and mapping reproduce the design. */
final class CompiledFolder {
  static final String GRAPH = OutputFolder.MARK;
  static final String MAPPING = "mapping.etch";
  static final String HARDWARE = "hardware.etch";
  static final String RTL = "rtl";

  /** The weights that the bitstream has at first; only if they can be loaded. */
  static final String WEIGHTS = "weights.bin";

  /** What the memory outside has to hold; only if words are read from one. */
  static final String MEMORY = "memory.bin";

  private CompiledFolder() {}

  /** Whether {@code path} is such a folder. */
  static boolean is(Path path) {
    return Files.isRegularFile(path.resolve(GRAPH));
  }

  /**
   * The compilation that the folder came from.
   *
   * @throws DiagnosticException if files are missing, or belong to another version of Etch
   */
  static Compilation load(Path folder) throws IOException {
    Graph graph = GraphParser.parse(name(folder, GRAPH), read(folder, GRAPH));
    Mapping mapping = MappingParser.parse(name(folder, MAPPING), read(folder, MAPPING));
    // Whoever compiled it has read the warnings.
    Compilation compilation = Pipeline.compile(graph, mapping, false, new DiagnosticCollector());
    if (!compilation.designText().equals(read(folder, HARDWARE))) {
      throw new DiagnosticException(
          Location.file(name(folder, HARDWARE)),
          "is not what graph and mapping beside it give",
          "it was edited, or made by another version of Etch: compile the model again");
    }
    return compilation;
  }

  private static String name(Path folder, String file) {
    return folder.resolve(file).toString();
  }

  private static String read(Path folder, String file) throws IOException {
    Path path = folder.resolve(file);
    if (!Files.isRegularFile(path)) {
      throw new DiagnosticException(
          Location.file(folder.toString()),
          "has no " + file + ", so it is not a compiled model",
          "compile one: etch compile MODEL -o DIR");
    }
    return Files.readString(path);
  }
}
