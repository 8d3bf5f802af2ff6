// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample whose coded words the host loads is what its README says. */
class PackedSampleTest {
  private static final Path SAMPLE =
      Path.of(System.getProperty("etch.root"), "testbench/models/lenet-300-100-mnist");

  private static final Pattern CHUNKS =
      Pattern.compile(
          "ram_style = \"huge\" \\*\\) reg \\[15:0\\] +stream_chunks_ram \\[0:(\\d+)\\]");

  private static final Pattern BUFFERS =
      Pattern.compile("ram_style = \"block\" \\*\\) reg \\[15:0\\] +lane0_chunks \\[0:3\\]");

  private static final int MOST_BYTES = 27_000;

  @TempDir private Path folder;

  @Test
  void fitsTheLargeMemoriesOfUp5k() throws IOException {
    Path design = compiled().design();
    ReportedMemories.check(design);
    JsonNode report = new ObjectMapper().readTree(design.resolve("report.json").toFile());
    assertEquals(21_641, report.get("cyclesPerFrame").get("predicted").asLong());
    assertEquals(3, report.get("multipliers").asInt());
    String verilog = Files.readString(design.resolve("rtl/etch_lenet_300_100.v"));
    long words =
        CHUNKS
            .matcher(verilog)
            .results()
            .mapToLong(memory -> Long.parseLong(memory.group(1)) + 1)
            .sum();
    assertEquals(2, BUFFERS.matcher(verilog).results().count());
    assertTrue(words > 0 && 2 * words <= MOST_BYTES, words + " words");
  }

  @Test
  @Tag("slow")
  void isVerified() {
    compiled().verify();
  }

  private CompiledSample compiled() {
    return CompiledSample.of(SAMPLE, "lenet-300-100.onnx", "up5k.etch", folder);
  }
}
