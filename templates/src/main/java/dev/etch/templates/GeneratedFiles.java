// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates;

import dev.etch.diagnostic.CompilerBug;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Files to write, by their path below a folder, with {@code /} between the parts.
 *
 * @param contents in the order of the paths
 */
public record GeneratedFiles(SortedMap<String, byte[]> contents) {
  public GeneratedFiles {
    contents = Collections.unmodifiableSortedMap(new TreeMap<>(contents));
    for (String path : contents.keySet()) {
      if (!path.matches("[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*")) {
        throw new CompilerBug("unsafe file name " + path);
      }
    }
  }

  /** Collects files. */
  public static final class Builder {
    private final SortedMap<String, byte[]> contents = new TreeMap<>();

    /** Adds a text in UTF-8. */
    public Builder add(String path, String text) {
      return add(path, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds bytes. */
    public Builder add(String path, byte[] bytes) {
      if (contents.put(path, bytes) != null) {
        throw new CompilerBug("two files named " + path);
      }
      return this;
    }

    /** The files so far. */
    public GeneratedFiles build() {
      return new GeneratedFiles(contents);
    }
  }

  /** The file as text. */
  public String text(String path) {
    return new String(contents.get(path), StandardCharsets.UTF_8);
  }

  /**
   * Writes every file below {@code folder}; {@code .sh} files become executable.
   *
   * @throws IOException if a file cannot be written
   */
  public void writeTo(Path folder) throws IOException {
    for (Map.Entry<String, byte[]> entry : contents.entrySet()) {
      Path file = folder.resolve(entry.getKey());
      Files.createDirectories(file.getParent());
      Files.write(file, entry.getValue());
      if (entry.getKey().endsWith(".sh") && !file.toFile().setExecutable(true, false)) {
        throw new IOException("cannot make " + file + " executable");
      }
    }
  }
}
