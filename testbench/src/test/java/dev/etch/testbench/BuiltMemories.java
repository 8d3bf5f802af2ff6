// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.hardware.Design;
import dev.etch.hardware.Netlist;
import dev.etch.hardware.memory.Memory;
import dev.etch.testbench.synthesis.VerilogMemories;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The bits of memory in each module of a design: what its Verilog has, and what is counted. */
final class BuiltMemories {
  private BuiltMemories() {}

  /** Those of the Verilog in a folder; modules without memories are left out. */
  static Map<String, Long> ofVerilog(Path rtl) {
    try {
      Map<String, Long> found = new TreeMap<>();
      VerilogMemories.bits(rtl)
          .forEach((module, memories) -> add(module, memories.values().stream(), found));
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Those that the area estimates and the report count. */
  static Map<String, Long> counted(Design design) {
    Map<String, Long> counted = new TreeMap<>();
    design
        .units()
        .forEach(
            unit ->
                add(
                    design.name() + "_" + unit.name(),
                    Netlist.memories(unit, design.buffers()).stream().map(Memory::bits),
                    counted));
    Map<dev.etch.hardware.Stream, String> modules = design.queueModules();
    Netlist.queues(design)
        .forEach((stream, memory) -> add(modules.get(stream), Stream.of(memory.bits()), counted));
    design
        .memory()
        .ifPresent(
            memory ->
                add(
                    design.name() + "_reader_queue",
                    Stream.of(Netlist.queue(memory).bits()),
                    counted));
    return counted;
  }

  private static void add(String module, Stream<Long> memories, Map<String, Long> sums) {
    long bits = memories.mapToLong(Long::longValue).sum();
    if (bits > 0) {
      sums.put(module, bits);
    }
  }
}
