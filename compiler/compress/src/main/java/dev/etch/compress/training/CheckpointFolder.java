// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.training;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A folder with the checkpoints of one run. The file {@code run.txt} says of which: what decides
 * the run's result, a line each. It is locked while a process uses it; the lock of one that is
 * killed ends with it.
 */
public final class CheckpointFolder implements AutoCloseable {
  private static final String RUN = "run.txt";
  private static final String LOCK = "lock";

  private final Path path;
  private final FileChannel lock;

  private CheckpointFolder(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * Opens a folder, or makes it.
   *
   * @param run what decides the result, by name, without line ends; names without {@code =}
   * @throws DiagnosticException if it holds something else, or another run's checkpoints, or
   *     another process uses it
   */
  public static CheckpointFolder open(Path path, Map<String, String> run) throws IOException {
    if (Files.exists(path) && !Files.isDirectory(path)) {
      throw problem(path, "is no folder", "name a folder for checkpoints");
    }
    Files.createDirectories(path);
    requireOwn(path);
    CheckpointFolder folder = new CheckpointFolder(path, lock(path));
    try {
      folder.require(new TreeMap<>(run));
      return folder;
    } catch (IOException | RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  private static void requireOwn(Path path) throws IOException {
    if (Files.exists(path.resolve(RUN))) {
      return;
    }
    try (Stream<Path> files = Files.list(path)) {
      boolean isOwn =
          files
              .map(file -> file.getFileName().toString())
              .allMatch(name -> name.equals(LOCK) || name.equals("." + RUN));
      if (!isOwn) {
        throw problem(path, "holds other files", "name a new folder for checkpoints");
      }
    }
  }

  private static FileChannel lock(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      channel.close();
      throw problem(path, "is used by another run", "wait for its end, or name another folder");
    }
    return channel;
  }

  private void require(Map<String, String> run) throws IOException {
    Path file = path.resolve(RUN);
    if (!Files.exists(file)) {
      List<String> lines = new ArrayList<>();
      run.forEach((name, value) -> lines.add(name + "=" + value));
      Path temporary = path.resolve("." + RUN);
      Files.write(temporary, lines);
      replace(temporary, file);
      return;
    }
    Map<String, String> before = new TreeMap<>();
    for (String line : Files.readAllLines(file)) {
      String[] parts = line.split("=", 2);
      before.put(parts[0], parts[parts.length - 1]);
    }
    Set<String> names = new TreeSet<>(run.keySet());
    names.addAll(before.keySet());
    for (String name : names) {
      String now = run.getOrDefault(name, "none");
      String then = before.getOrDefault(name, "none");
      if (!now.equals(then)) {
        throw problem(
            path,
            "has checkpoints of another run: %s was %s, and is %s".formatted(name, then, now),
            "give the same command again, or name a new folder for checkpoints");
      }
    }
  }

  /** Lets a file take another one's place at once. */
  static void replace(Path temporary, Path file) throws IOException {
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }

  private static DiagnosticException problem(Path path, String message, String help) {
    return new DiagnosticException(Location.file(path.toString()), message, help);
  }
}
