// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample with the mapping of least memory takes no more than docs/benchmarks.md says. */
class SampleMappingTest {
  private static final Path SAMPLE =
      Path.of(System.getProperty("etch.root"), "testbench/models/lenet5-fashion");

  private static final long MOST_BITS = 624_000;
  private static final int MOST_BITS_OF_A_PRODUCT = 16;

  @TempDir private Path folder;

  @Test
  void takesLittleMemory() throws IOException {
    Path design = compiled().design();
    ReportedMemories.check(design);
    JsonNode report = new ObjectMapper().readTree(design.resolve("report.json").toFile());
    assertEquals(9_792, report.get("cyclesPerFrame").get("predicted").asLong());
    assertEquals(34, report.get("multipliers").asInt());
    assertTrue(bits(report, "") <= MOST_BITS, bits(report, "") + " bits");
    long products =
        StreamSupport.stream(report.get("units").spliterator(), false)
            .filter(unit -> unit.get("layer").asText().equals("fc1"))
            .mapToLong(unit -> unit.get("nonzeroMacs").asLong())
            .sum();
    assertTrue(bits(report, "fc1") <= MOST_BITS_OF_A_PRODUCT * products);
  }

  @Test
  @Tag("slow")
  void isVerified() {
    compiled().verify();
  }

  private CompiledSample compiled() {
    return CompiledSample.of(SAMPLE, "lenet5.onnx", "least-memory.etch", folder);
  }

  /** Of all memories of a layer's units, or of all units. */
  private static long bits(JsonNode report, String layer) {
    return StreamSupport.stream(report.get("units").spliterator(), false)
        .filter(unit -> layer.isEmpty() || unit.get("layer").asText().equals(layer))
        .flatMap(unit -> StreamSupport.stream(unit.get("bits").spliterator(), false))
        .mapToLong(JsonNode::asLong)
        .sum();
  }
}
