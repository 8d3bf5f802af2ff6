// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.etch.testbench.synthesis.VerilogMemories;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * What {@code report.json} says of memories is what the Verilog has: for each unit the sum of its
 * {@code bits} is the sum of the memories in its module, read-only ones included; the module of
 * each width and depth of queues has {@code queueBits}; and there are no other memories.
 */
final class ReportedMemories {
  private ReportedMemories() {}

  /** Compares the report and the Verilog of a compiled folder. */
  static void check(Path folder) throws IOException {
    JsonNode report = new ObjectMapper().readTree(folder.resolve("report.json").toFile());
    Map<String, Map<String, Long>> modules = VerilogMemories.bits(folder.resolve("rtl"));
    Map<String, Long> found = new TreeMap<>();
    modules.forEach((name, memories) -> found.put(name, sum(memories.values())));
    found.values().removeIf(bits -> bits == 0);
    assertEquals(reported(report, top(modules)), found);
  }

  /** Every other module's name begins with that of the top module. */
  private static String top(Map<String, ?> modules) {
    return modules.keySet().stream()
        .filter(name -> modules.keySet().stream().allMatch(other -> other.startsWith(name)))
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, Long> reported(JsonNode report, String top) {
    Map<String, Long> reported = new TreeMap<>();
    for (JsonNode unit : report.get("units")) {
      long bits = 0;
      for (JsonNode part : unit.get("bits")) {
        bits += part.asLong();
      }
      assertEquals(bits, unit.get("memoryBits").asLong(), "" + unit);
      reported.put(top + "_" + unit.get("name").asText(), bits);
    }
    for (JsonNode stream : report.get("streams")) {
      long bits = stream.get("queueBits").asLong();
      long depth = stream.get("queueDepth").asLong();
      reported.put(top + "_queue_" + bits / depth + "x" + depth, bits);
    }
    for (JsonNode reader : report.path("external")) {
      reported.put(top + "_reader_queue", reader.get("queueBits").asLong());
    }
    reported.values().removeIf(bits -> bits == 0);
    return reported;
  }

  private static long sum(Iterable<Long> numbers) {
    long sum = 0;
    for (long number : numbers) {
      sum += number;
    }
    return sum;
  }
}
