// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Files beside a design's Verilog with the contents of its memories, if it was compiled so: tools
 * look for them beside the Verilog or in the folder in which they run.
 */
public final class MemoryFiles {
  private static final String EXTENSION = ".hex";

  private MemoryFiles() {}

  /** Those of a folder of Verilog, sorted. */
  static List<Path> of(Path rtl) {
    try (Stream<Path> files = Files.list(rtl)) {
      return files.filter(f -> f.toString().endsWith(EXTENSION)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Puts those of a folder of Verilog into another folder. */
  public static void copy(Path rtl, Path target) {
    try {
      for (Path file : of(rtl)) {
        Path copy = target.resolve(file.getFileName());
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
