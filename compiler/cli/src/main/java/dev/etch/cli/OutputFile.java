// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file that is written as a whole or not at all. */
final class OutputFile {
  private OutputFile() {}

  /** Writes the file whose path it gets. */
  interface Content {
    void write(Path file) throws IOException;
  }

  /**
   * Checks, before any work is done, that {@code file} can be written.
   *
   * @throws DiagnosticException if it cannot
   */
  static void requireWritable(Path file) {
    if (Files.isDirectory(file)) {
      throw problem(file, "is a folder", "name a file");
    }
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw problem(file, "is in a folder that does not exist", "create the folder first");
    }
    if (!Files.isWritable(folder)) {
      throw problem(file, "is in a folder that may not be written", "choose another folder");
    }
  }

  /**
   * Lets {@code content} write to a temporary neighbour, which then takes the file's place.
   *
   * @throws DiagnosticException if the file cannot be written; it names {@code file}
   */
  static void write(Path file, Content content) throws IOException {
    requireWritable(file);
    // Not createTempFile: that makes a file which only its owner may read.
    Path temporary =
        file.resolveSibling(
            "."
                + file.getFileName()
                + "-"
                + ProcessHandle.current().pid()
                + "-"
                + System.nanoTime());
    try {
      content.write(temporary);
      Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw problem(file, "cannot be written: " + Failures.reason(e), "check the disk");
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static DiagnosticException problem(Path file, String what, String help) {
    return new DiagnosticException(Location.file(file.toString()), what, help);
  }
}
