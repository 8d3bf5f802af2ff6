// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.graph.Value;
import dev.etch.reference.RawTensorFile;
import dev.etch.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where the outputs of a model are written: the file that the user names or, if there are several
 * outputs, a file beside it for each, {@code scores.bin} becoming {@code scores.NAME.bin}. What a
 * file name had better not have becomes an underscore.
 */
final class ResultFiles {
  private final List<Path> files;

  private ResultFiles(List<Path> files) {
    this.files = List.copyOf(files);
  }

  /** The files of a model's outputs, in their order. */
  static ResultFiles of(Path file, List<Value> outputs) {
    if (outputs.size() == 1) {
      return new ResultFiles(List.of(file));
    }
    List<Path> files = new ArrayList<>();
    for (Value output : outputs) {
      files.add(beside(file, output.name(), Set.copyOf(files)));
    }
    return new ResultFiles(files);
  }

  private static Path beside(Path file, String output, Set<Path> taken) {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    String stem = dot <= 0 ? name : name.substring(0, dot);
    String end = dot <= 0 ? "" : name.substring(dot);
    String plain = stem + "." + output.replaceAll("[^A-Za-z0-9_.-]", "_");
    Path path = file.resolveSibling(plain + end);
    for (int i = 1; taken.contains(path); i++) {
      path = file.resolveSibling(plain + "_" + i + end);
    }
    return path;
  }

  /**
   * Checks that they can be written.
   *
   * @throws dev.etch.diagnostic.DiagnosticException if one cannot
   */
  void requireWritable() {
    files.forEach(OutputFile::requireWritable);
  }

  /**
   * Writes them.
   *
   * @param frames for each frame the outputs in their order
   */
  void write(List<List<Tensor>> frames) throws IOException {
    for (int output = 0; output < files.size(); output++) {
      int number = output;
      List<Tensor> results = frames.stream().map(frame -> frame.get(number)).toList();
      OutputFile.write(files.get(output), path -> RawTensorFile.write(path, results));
    }
  }

  @Override
  public String toString() {
    return files.stream().map(Path::toString).collect(Collectors.joining(", "));
  }
}
