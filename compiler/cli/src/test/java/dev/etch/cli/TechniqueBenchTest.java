// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the bench of techniques prints, on images that the test makes; never how good they are. */
class TechniqueBenchTest {
  private static final int SIZE = 16;

  private static void write(Path folder, String set, int items) throws IOException {
    SplittableRandom random = new SplittableRandom(items);
    try (DataOutputStream images = open(folder.resolve(set + "-images-idx3-ubyte.gz"));
        DataOutputStream labels = open(folder.resolve(set + "-labels-idx1-ubyte.gz"))) {
      images.writeInt(0x803);
      images.writeInt(items);
      images.writeInt(SIZE);
      images.writeInt(SIZE);
      labels.writeInt(0x801);
      labels.writeInt(items);
      for (int item = 0; item < items; item++) {
        labels.writeByte(item % 10);
        for (int i = 0; i < SIZE * SIZE; i++) {
          images.writeByte(random.nextInt(item % 10 == i % 10 ? 256 : 64));
        }
      }
    }
  }

  private static DataOutputStream open(Path file) throws IOException {
    return new DataOutputStream(new GZIPOutputStream(Files.newOutputStream(file)));
  }

  @Test
  void techniquesAreRows(@TempDir Path folder) throws IOException {
    write(folder, "train", 200);
    write(folder, "t10k", 50);
    String[] arguments = {
      "bench",
      "--techniques",
      folder.toString(),
      "--only",
      "int8,channels,singular-values",
      "--multipliers",
      "16",
      "--base-epochs",
      "1",
      "--epochs",
      "1",
      "--json"
    };
    CapturedRun run = CapturedRun.of(arguments);
    assertEquals(ExitCode.FINE, run.code(), run.err());
    JsonNode rows = new ObjectMapper().readTree(run.out());
    assertEquals(3, rows.size());
    assertEquals("int8", rows.get(0).get("technique").asText());
    int weights = rows.get(0).get("weights").asInt();
    assertTrue(rows.get(1).get("weights").asInt() < 0.3 * weights, "half of all channels");
    // Convolutions stay: 25,500 of 55,500 weights.
    assertTrue(rows.get(2).get("weights").asInt() < 0.65 * weights);
    for (JsonNode row : rows) {
      assertTrue(row.get("cycles").asLong() > 0);
      assertTrue(row.get("bytes").asLong() > 0);
    }
  }
}
