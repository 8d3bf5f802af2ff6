// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A folder of finished builds, each under a hash of all that went into it. Any number of processes
 * may use it at once: a build is made in a folder of its own and appears under its name by one
 * atomic move; who comes second throws its own away.
 *
 * @param folder made when needed
 */
public record SimulatorCache(Path folder) {
  /** When the cache is larger, builds are deleted that were not used for long. */
  public static final long LIMIT_BYTES = 1L << 30;

  private static final long RECENT_MILLISECONDS = 3_600_000;

  /** The environment variable {@code ETCH_CACHE}, else {@code ~/.cache/etch}. */
  public static SimulatorCache standard() {
    String chosen = System.getenv("ETCH_CACHE");
    return new SimulatorCache(
        chosen != null && !chosen.isBlank()
            ? Path.of(chosen)
            : Path.of(System.getProperty("user.home"), ".cache", "etch"));
  }

  /** The build with this key; {@code builder} fills an empty folder if there is none yet. */
  Path get(String key, Consumer<Path> builder) {
    Path target = folder.resolve(key);
    if (Files.isDirectory(target)) {
      use(target);
      return target;
    }
    try {
      Files.createDirectories(folder);
      Path work = Files.createTempDirectory(folder, "building-");
      Cleanup.atExit(work);
      try {
        builder.accept(work);
        moveInto(work, target);
      } finally {
        delete(work);
        Cleanup.forget(work);
      }
      prune(LIMIT_BYTES, target);
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the build cache " + folder, e);
    }
  }

  /**
   * Bytes of all builds; the folder also holds what the launcher fetched, which is never deleted.
   */
  public long bytes() throws IOException {
    long bytes = 0;
    for (Path entry : entries()) {
      bytes += size(entry);
    }
    return bytes;
  }

  /** Builds in it. */
  public int builds() throws IOException {
    return entries().size();
  }

  /** Deletes all builds. */
  public void clear() throws IOException {
    for (Path entry : entries()) {
      delete(entry);
    }
  }

  private List<Path> entries() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      // Each time is asked once: another process may use an entry while these are sorted.
      return files
          .filter(f -> f.getFileName().toString().matches("(sim|lib|building)-.*"))
          .map(f -> new Entry(f, f.toFile().lastModified()))
          .sorted(Comparator.comparingLong(Entry::used))
          .map(Entry::path)
          .toList();
    }
  }

  /** A build, and when it was used last. */
  private record Entry(Path path, long used) {}

  /** Deletes the builds that were not used for longest, but never one of the last hour. */
  private void prune(long limit, Path kept) throws IOException {
    long bytes = bytes();
    long recent = System.currentTimeMillis() - RECENT_MILLISECONDS;
    for (Path entry : entries()) {
      if (bytes <= limit || entry.toFile().lastModified() >= recent) {
        return;
      }
      if (!entry.equals(kept)) {
        bytes -= size(entry);
        delete(entry);
      }
    }
  }

  private static void use(Path entry) {
    // Only the order of the times counts; another process may have deleted it meanwhile.
    boolean unused = entry.toFile().setLastModified(System.currentTimeMillis());
  }

  /** Bytes of all files; those that another process moves or deletes meanwhile do not count. */
  private static long size(Path entry) throws IOException {
    long[] bytes = {0};
    Files.walkFileTree(
        entry,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            bytes[0] += attributes.size();
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException gone) {
            return FileVisitResult.CONTINUE;
          }
        });
    return bytes[0];
  }

  private static void moveInto(Path work, Path target) throws IOException {
    try {
      Files.move(work, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
      requireBuiltBySomeoneElse(target, e);
    } catch (FileSystemException e) {
      // Some file systems say only "directory not empty" in words when the target exists.
      requireBuiltBySomeoneElse(target, e);
    }
  }

  private static void requireBuiltBySomeoneElse(Path target, FileSystemException cause)
      throws FileSystemException {
    if (!Files.isDirectory(target)) {
      throw cause;
    }
  }

  /** Deletes a folder and all in it, if it is there. */
  public static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** SHA-256 over names and contents of files and over words, in hexadecimal. */
  static String hash(List<Path> files, List<String> words) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String word : words) {
        update(digest, word.getBytes(StandardCharsets.UTF_8));
      }
      for (Path file : files) {
        update(digest, file.getFileName().toString().getBytes(StandardCharsets.UTF_8));
        update(digest, Files.readAllBytes(file));
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void update(MessageDigest digest, byte[] bytes) {
    digest.update(Integer.toString(bytes.length).getBytes(StandardCharsets.US_ASCII));
    digest.update((byte) ':');
    digest.update(bytes);
  }
}
