// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.etch.hardware.Design;
import dev.etch.hardware.Memory;
import dev.etch.hardware.Netlist;
import dev.etch.testbench.synthesis.VerilogMemories;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The memories of the Verilog are those of the netlists, name by name and bit by bit. */
final class NetlistCheck {
  private NetlistCheck() {}

  /** Fails if a module has another memory, or one more or less, than its netlist says. */
  static void check(Design design, Path rtl) {
    Map<String, Map<String, Long>> expected = new TreeMap<>();
    design
        .units()
        .forEach(unit -> put(expected, design.name() + "_" + unit.name(), Netlist.memories(unit)));
    design
        .depths()
        .forEach(
            (stream, depth) ->
                put(
                    expected,
                    design.name() + "_queue_" + stream.name(),
                    List.of(Memory.ofQueue(stream, depth))));
    Map<String, Map<String, Long>> found;
    try {
      found = VerilogMemories.bits(rtl);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    found.values().removeIf(Map::isEmpty);
    assertEquals(expected, found);
  }

  private static void put(
      Map<String, Map<String, Long>> modules, String name, List<Memory> memories) {
    if (!memories.isEmpty()) {
      modules.put(
          name,
          new TreeMap<>(memories.stream().collect(Collectors.toMap(Memory::name, Memory::bits))));
    }
  }
}
