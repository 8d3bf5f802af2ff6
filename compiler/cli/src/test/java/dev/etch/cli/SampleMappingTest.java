// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.etch.hardware.MatrixUnit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample with the mapping of least memory takes no more than docs/benchmarks.md says. */
class SampleMappingTest {
  private static final Path SAMPLE =
      Path.of(System.getProperty("etch.root"), "testbench/models/lenet5-fashion");

  private static final long MOST_BITS = 624_000;
  private static final int MOST_BITS_OF_A_PRODUCT = 15;

  @TempDir private Path folder;

  @Test
  void takesLittleMemory() throws IOException {
    Path design = compiled().design();
    ReportedMemories.check(design);
    JsonNode report = new ObjectMapper().readTree(design.resolve("report.json").toFile());
    assertEquals(9_792, report.get("cyclesPerFrame").get("predicted").asLong());
    assertEquals(27, report.get("multipliers").asInt());
    assertTrue(bits(report, "") <= MOST_BITS, bits(report, "") + " bits");
    long products =
        StreamSupport.stream(report.get("units").spliterator(), false)
            .filter(unit -> unit.get("layer").asText().equals("fc1"))
            .mapToLong(unit -> unit.get("nonzeroMacs").asLong())
            .sum();
    assertTrue(bits(report, "fc1") <= MOST_BITS_OF_A_PRODUCT * products);
  }

  /** Each layer ends in what was built; cycles of the plain forms are counted by hand. */
  @Test
  void saysWhatEachFormWasWorth() throws IOException {
    Path design = compiled().design();
    JsonNode report = new ObjectMapper().readTree(design.resolve("report.json").toFile());
    Map<String, String> forms = new TreeMap<>();
    for (JsonNode layer : report.at("/compression/layers")) {
      JsonNode last = layer.get("forms").get(layer.get("forms").size() - 1);
      JsonNode unit = unit(report, layer.get("unit").asText());
      assertEquals(unit.get("cyclesPerFrame"), last.get("cycles"));
      assertEquals(unit.get("area"), last.get("area"));
      long others = unit.at("/bits/tables").asLong() + unit.at("/bits/buffers").asLong();
      assertEquals(unit.get("memoryBits").asLong() - others, last.get("bits").asLong());
      forms.put(layer.get("layer").asText(), last.get("form").asText());
    }
    assertEquals(
        Map.of(
            "conv1", "zeros skipped",
            "conv2", "shared multipliers",
            "fc1", "coded words",
            "fc2", "zeros skipped"),
        forms);
    // conv2: 50 x 500 weights, 8 x 8 pixels, 16 lanes; fc1: 125 of 500 outputs in a lane
    assertEquals(64 * 50 * 500 / 16, cycles(report, "conv2"));
    int leaving = 500 + MatrixUnit.STAGES + MatrixUnit.SETTLING - 1;
    assertEquals(125 * 800 + leaving, cycles(report, "fc1"));
    assertEquals(cycles(report, "fc1"), report.at("/compression/all/0/cycles").asLong());
    assertEquals(9_792, report.at("/compression/all/1/cycles").asLong());
  }

  private static JsonNode unit(JsonNode report, String name) {
    return StreamSupport.stream(report.get("units").spliterator(), false)
        .filter(unit -> unit.get("name").asText().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** Of a layer's plain form. */
  private static long cycles(JsonNode report, String layer) {
    return StreamSupport.stream(report.at("/compression/layers").spliterator(), false)
        .filter(forms -> forms.get("layer").asText().equals(layer))
        .findFirst()
        .orElseThrow()
        .at("/forms/0/cycles")
        .asLong();
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
