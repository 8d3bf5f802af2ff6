// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.graph.Graph;
import dev.etch.importer.SharedModels;
import dev.etch.importer.TfliteKernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged files give a graph or diagnostics, in bounded time. System properties: {@code
 * etch.mutations} how many, {@code etch.seed} of the choice.
 */
class DamagedFileTest {
  private static final int MUTATIONS = Integer.getInteger("etch.mutations", 150);
  private static final long SEED = Long.getLong("etch.seed", 20_261_121L);
  private static final long MOST_SECONDS = 10;
  private static final int[] NUMBERS = {0, -1, 1, 4, 255, 1 << 16, Integer.MAX_VALUE, 1 << 31};

  @TempDir private Path folder;

  private final Random random = new Random(SEED);
  private final Map<String, Integer> outcomes = new TreeMap<>();

  @Test
  void graphOrDiagnostics() throws IOException {
    System.out.println("damaged .tflite files: seed " + SEED + ", " + MUTATIONS + " mutations");
    List<byte[]> models =
        List.of(
            model("ic_resnet8"),
            model("kws_dscnn"),
            model("ad_autoencoder"),
            Files.readAllBytes(SharedModels.require("recurrent/trained_lstm_int8.tflite")),
            Samples.chain());
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] model = models.get(random.nextInt(models.size()));
      int kind = random.nextInt(5);
      check(damaged(model, kind), "mutation " + i + " of seed " + SEED, kind);
    }
    System.out.println("damaged .tflite files: " + outcomes);
    assertTrue(outcomes.keySet().stream().anyMatch(k -> k.endsWith("refused")));
    assertTrue(outcomes.keySet().stream().anyMatch(k -> k.endsWith("read")));
  }

  @Test
  void everyTruncationOfASmallModel() throws IOException {
    byte[] model = Samples.chain();
    for (int length = 0; length < model.length - 16; length += 7) {
      check(Arrays.copyOf(model, length), "cut after " + length + " bytes", 0);
    }
    assertFalse(outcomes.isEmpty());
  }

  private byte[] damaged(byte[] model, int kind) {
    byte[] bytes = model.clone();
    switch (kind) {
      case 0:
        return Arrays.copyOf(model, random.nextInt(model.length));
      case 1:
        for (int i = random.nextInt(16); i >= 0; i--) {
          bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
      case 2:
        // The tables of these files are behind the buffers.
        for (int i = random.nextInt(4); i >= 0; i--) {
          bytes[bytes.length - 1 - random.nextInt(Math.min(bytes.length, 20_000))] ^=
              (byte) (1 << random.nextInt(8));
        }
        return bytes;
      case 3:
        int number = NUMBERS[random.nextInt(NUMBERS.length)];
        int at = bytes.length - 4 - 4 * random.nextInt(Math.min(bytes.length, 20_000) / 4 - 1);
        for (int i = 0; i < 4; i++) {
          bytes[at + i] = (byte) (number >> (8 * i));
        }
        return bytes;
      default:
        int from = random.nextInt(bytes.length);
        int length = Math.min(bytes.length - from, 1 + random.nextInt(64));
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        System.arraycopy(noise, 0, bytes, from, length);
        return bytes;
    }
  }

  private void check(byte[] bytes, String what, int kind) throws IOException {
    Path file = Files.write(folder.resolve("model.tflite"), bytes);
    long start = System.nanoTime();
    String outcome = outcome(file, what);
    long seconds = (System.nanoTime() - start) / 1_000_000_000;
    assertTrue(seconds < MOST_SECONDS, what + " took " + seconds + " s");
    outcomes.merge(kind + " " + outcome, 1, Integer::sum);
  }

  private static String outcome(Path file, String what) {
    try {
      Graph graph = TfliteImporter.read(file, TfliteKernels.CURRENT, new DiagnosticCollector());
      assertFalse(graph.outputs().isEmpty(), what);
      return "read";
    } catch (DiagnosticException e) {
      assertFalse(e.diagnostics().isEmpty(), what);
      assertTrue(
          e.getMessage().chars().noneMatch(c -> Character.isISOControl(c) && c != '\n'),
          () -> what + " prints control characters: " + e.getMessage());
      return "refused";
    } catch (RuntimeException | Error e) {
      throw new AssertionError(what + " throws " + e, e);
    }
  }

  private static byte[] model(String name) throws IOException {
    return Files.readAllBytes(SharedModels.require("mlperf-tiny/" + name + "_int8.tflite"));
  }
}
