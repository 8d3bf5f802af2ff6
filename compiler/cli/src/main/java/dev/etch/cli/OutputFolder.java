// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder that is written as a whole or not at all: files go to a temporary neighbour, which takes
 * the folder's place in the end.
 */
final class OutputFolder implements AutoCloseable {
  /** The file by which a folder is known to be an earlier output of Etch. */
  static final String MARK = "graph.etch";

  /** How many changed files a message names. */
  private static final int NAMED = 8;

  /** What is in a folder. */
  enum Kind {
    /** What {@code compile} and others write. */
    DESIGN(MARK, "-o"),

    /** What {@code compress} writes about its run. */
    REPORT("recipe.etch", "--report");

    private final String mark;
    private final String option;

    Kind(String mark, String option) {
      this.mark = mark;
      this.option = option;
    }

    /** The file by which a folder is known to be one that Etch wrote. */
    String mark() {
      return mark;
    }
  }

  private final Path target;
  private final Path temporary;

  /**
   * Prepares to write {@code target}.
   *
   * @param force whether files that a user has changed or added may be lost
   * @throws DiagnosticException if something that Etch did not write is in the way
   */
  OutputFolder(Path target, boolean force) throws IOException {
    this(Kind.DESIGN, target, force);
  }

  /** The same for a folder of a kind. */
  OutputFolder(Kind kind, Path target, boolean force) throws IOException {
    requireFree(kind, target, force);
    this.target = target.toAbsolutePath().normalize();
    createParent(kind, target);
    // Not createTempDirectory: that makes a folder which only its owner may read.
    this.temporary =
        Files.createDirectory(
            this.target.resolveSibling(
                "."
                    + this.target.getFileName()
                    + "-"
                    + ProcessHandle.current().pid()
                    + "-"
                    + System.nanoTime()));
  }

  private void createParent(Kind kind, Path named) {
    try {
      Files.createDirectories(target.getParent());
    } catch (IOException e) {
      throw new DiagnosticException(
          Location.file(named.toString()),
          "cannot be created: " + Failures.reason(e),
          "choose another folder with " + kind.option);
    }
  }

  /**
   * Checks, before any work is done, that {@code target} may be written.
   *
   * @param force whether files that a user has changed or added may be lost
   * @throws DiagnosticException if something that Etch did not write is in the way
   */
  static void requireFree(Path target, boolean force) throws IOException {
    requireFree(Kind.DESIGN, target, force);
  }

  /** The same for a folder of a kind. */
  static void requireFree(Kind kind, Path target, boolean force) throws IOException {
    requireReplaceable(kind, target);
    if (!force) {
      requireUnchanged(kind, target);
    }
  }

  private static void requireReplaceable(Kind kind, Path target) throws IOException {
    if (!Files.exists(target) || Files.isRegularFile(target.resolve(kind.mark))) {
      return;
    }
    if (Files.isDirectory(target)) {
      try (Stream<Path> entries = Files.list(target)) {
        if (entries.findAny().isEmpty()) {
          return;
        }
      }
    }
    throw new DiagnosticException(
        Location.file(target.toString()),
        "exists and was not written by Etch",
        "choose another folder with " + kind.option + ", or remove this one");
  }

  /** Names what a user would lose. */
  private static void requireUnchanged(Kind kind, Path target) throws IOException {
    if (!Files.isRegularFile(target.resolve(kind.mark))) {
      return;
    }
    String help =
        "choose another folder with " + kind.option + ", or overwrite this one with --force";
    if (!Manifest.exists(target)) {
      throw new DiagnosticException(
          Location.file(target.toString()),
          "has no " + Manifest.NAME + ", so it is not known what was changed in it",
          help);
    }
    List<String> changes = Manifest.changes(target);
    if (!changes.isEmpty()) {
      throw new DiagnosticException(
          Location.file(target.toString()),
          "was changed since Etch wrote it: " + listed(changes) + " would be lost",
          help);
    }
  }

  private static String listed(List<String> files) {
    String first = String.join(", ", files.subList(0, Math.min(files.size(), NAMED)));
    return files.size() <= NAMED ? first : first + " and " + (files.size() - NAMED) + " more";
  }

  /** Where to write files until {@link #commit}. */
  Path folder() {
    return temporary;
  }

  /** Moves what was written to its place, with a manifest of it. */
  void commit() throws IOException {
    Manifest.write(temporary);
    Path old = null;
    if (Files.exists(target)) {
      old = temporary.resolveSibling(temporary.getFileName() + "-old");
      Files.move(target, old);
    }
    Files.move(temporary, target);
    if (old != null) {
      delete(old);
    }
  }

  /** Removes what was written if it was not committed. */
  @Override
  public void close() {
    if (Files.exists(temporary)) {
      delete(temporary);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> innermostFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : innermostFirst) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
