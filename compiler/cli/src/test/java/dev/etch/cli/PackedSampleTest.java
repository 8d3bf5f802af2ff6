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

  private static final int MOST_BYTES = 27_000;

  @TempDir private Path folder;

  @Test
  void fitsTheLargeMemoriesOfUp5k() throws IOException {
    compile();
    ReportedMemories.check(folder.resolve("design"));
    JsonNode report = new ObjectMapper().readTree(folder.resolve("design/report.json").toFile());
    assertEquals(21_611, report.get("cyclesPerFrame").get("predicted").asLong());
    assertEquals(3, report.get("multipliers").asInt());
    String verilog = Files.readString(folder.resolve("design/rtl/etch_lenet_300_100.v"));
    long words =
        CHUNKS
            .matcher(verilog)
            .results()
            .mapToLong(memory -> Long.parseLong(memory.group(1)) + 1)
            .sum();
    assertTrue(words > 0 && 2 * words <= MOST_BYTES, words + " words");
  }

  @Test
  @Tag("slow")
  void isVerified() {
    compile();
    CapturedRun verified =
        CapturedRun.of("verify", folder + "/design", "--random", "4", "--stall", "0.3");
    assertEquals(ExitCode.FINE, verified.code(), verified.out() + verified.err());
  }

  private void compile() {
    CapturedRun compiled =
        CapturedRun.of(
            "compile",
            SAMPLE.resolve("lenet-300-100.onnx").toString(),
            "-m",
            SAMPLE.resolve("up5k.etch").toString(),
            "-o",
            folder + "/design");
    assertEquals(ExitCode.FINE, compiled.code(), compiled.err());
  }
}
