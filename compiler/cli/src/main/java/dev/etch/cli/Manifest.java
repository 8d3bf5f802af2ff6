// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.diagnostic.CompilerBug;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What Etch wrote into a folder: the SHA-256 of every file, in the format of {@code sha256sum}, so
 * that {@code sha256sum -c} can check it, too. By it Etch knows what a user has changed or added
 * since, and does not overwrite that.
 */
final class Manifest {
  /** The manifest's own name in its folder. */
  static final String NAME = "manifest.sha256";

  /** What the folder's own scripts, builds and simulations write; it can be made again. */
  private static final Pattern DERIVED =
      Pattern.compile(
          "(driver|driver/.*)/target/.*"
              + "|testbench/[^/]*(\\.vvp|\\.log|_rom\\.hex)"
              + "|scripts/[^/]*\\.(log|json|asc|bin|config|bit|fs|txt)"
              + "|mismatch-[^/]*\\.vcd");

  private static final Pattern LINE = Pattern.compile("([0-9a-f]{64})  (.+)");

  private Manifest() {}

  /** Records all files below {@code folder}. */
  static void write(Path folder) throws IOException {
    Map<String, String> hashes = new TreeMap<>();
    for (String file : files(folder)) {
      hashes.put(file, hash(folder.resolve(file)));
    }
    print(folder, hashes);
  }

  /** Records that Etch has written some files of the folder anew. */
  static void update(Path folder, String... files) throws IOException {
    if (!Files.isRegularFile(folder.resolve(NAME))) {
      return;
    }
    Map<String, String> hashes = read(folder);
    for (String file : files) {
      hashes.put(file, hash(folder.resolve(file)));
    }
    print(folder, hashes);
  }

  /** Whether the folder has a manifest. */
  static boolean exists(Path folder) {
    return Files.isRegularFile(folder.resolve(NAME));
  }

  /**
   * Names of the files that were changed or added since Etch wrote the folder, sorted. What was
   * deleted does not count, nor what the folder's own scripts write.
   */
  static List<String> changes(Path folder) throws IOException {
    Map<String, String> recorded = read(folder);
    List<String> changes = new ArrayList<>();
    for (String file : files(folder)) {
      if (!hash(folder.resolve(file)).equals(recorded.get(file))) {
        changes.add(file);
      }
    }
    return changes;
  }

  private static Map<String, String> read(Path folder) throws IOException {
    Map<String, String> hashes = new TreeMap<>();
    for (String line : Files.readAllLines(folder.resolve(NAME))) {
      var matcher = LINE.matcher(line);
      if (matcher.matches()) {
        hashes.put(matcher.group(2), matcher.group(1));
      }
    }
    return hashes;
  }

  private static void print(Path folder, Map<String, String> hashes) throws IOException {
    StringBuilder text = new StringBuilder();
    hashes.forEach((file, hash) -> text.append(hash).append("  ").append(file).append('\n'));
    OutputFile.write(folder.resolve(NAME), path -> Files.writeString(path, text));
  }

  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths
          .filter(path -> !Files.isDirectory(path))
          .map(path -> folder.relativize(path).toString().replace('\\', '/'))
          .filter(file -> !file.equals(NAME) && !DERIVED.matcher(file).matches())
          .sorted()
          .toList();
    }
  }

  private static String hash(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return "not a file";
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException e) {
      throw new CompilerBug("no SHA-256 in this JVM");
    }
  }
}
