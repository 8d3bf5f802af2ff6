// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged models through the whole compiler: either a result or diagnostics, never a stack trace,
 * and nothing written when it fails. More with {@code -Detch.mutations=1000}.
 */
class MutatedInputTest {
  private static final int MUTATIONS = Integer.getInteger("etch.mutations", 60);
  private static final long SEED = Long.getLong("etch.seed", 1);
  private static final Path TEXT =
      Path.of(System.getProperty("etch.root"), "testbench/models/tiny/tiny.etch");

  @TempDir private Path folder;
  private int compiled;
  private int refused;

  @Test
  void damagedOnnx() throws IOException {
    compileAll("model.onnx", SmallOnnxModel.bytes());
  }

  @Test
  void damagedText() throws IOException {
    compileAll("model.etch", Files.readAllBytes(TEXT));
  }

  private void compileAll(String name, byte[] original) throws IOException {
    System.out.println(name + ": seed " + SEED);
    assertEquals(0, compile(name, original).code(), "undamaged");
    Random random = new Random(SEED);
    for (int i = 0; i < MUTATIONS; i++) {
      CapturedRun run = compile(name, mutate(original, random));
      String what = name + " mutation " + i + " of seed " + SEED + ": " + run.err();
      assertTrue(run.code() == 0 || run.code() == 2, what);
      assertFalse(run.err().contains("\tat "), what);
      assertTrue(run.code() == 0 || !run.err().isBlank(), what);
    }
    System.out.println(name + ": " + compiled + " compiled, " + refused + " refused");
    assertTrue(refused > 0);
  }

  private CapturedRun compile(String name, byte[] bytes) throws IOException {
    Path model = Files.write(folder.resolve(name), bytes);
    Path output = folder.resolve("output");
    CapturedRun run = CapturedRun.of("compile", model.toString(), "-o", output.toString());
    assertEquals(run.code() == 0, Files.exists(output), run.err());
    compiled += run.code() == 0 ? 1 : 0;
    refused += run.code() == 0 ? 0 : 1;
    delete(output);
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(1, left.count(), "only the model is left");
    }
    return run;
  }

  private static byte[] mutate(byte[] original, Random random) {
    byte[] bytes = original.clone();
    switch (random.nextInt(4)) {
      case 0 -> {
        return Arrays.copyOf(bytes, random.nextInt(bytes.length));
      }
      case 1 -> bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      case 2 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      default -> {
        int from = random.nextInt(bytes.length);
        int to = random.nextInt(bytes.length);
        int length = Math.min(1 + random.nextInt(16), bytes.length - Math.max(from, to));
        System.arraycopy(original, from, bytes, to, length);
      }
    }
    return bytes;
  }

  private static void delete(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
