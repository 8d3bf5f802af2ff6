// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

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

  /** Lets {@code content} write to a temporary neighbour, which then takes the file's place. */
  static void write(Path file, Content content) throws IOException {
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
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
