// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.PartitionedModel;
import dev.etch.hardware.Design;
import dev.etch.hardware.Netlist;
import dev.etch.hardware.RomContents;
import dev.etch.hardware.Target;
import dev.etch.hardware.Unit;
import dev.etch.hardware.memory.Memory;
import dev.etch.hardware.verilog.VerilogGenerator;
import dev.etch.schedule.Budget;
import dev.etch.schedule.Mapping;
import dev.etch.schedule.ScheduledDesign;
import dev.etch.schedule.Scheduler;
import java.nio.file.Path;
import java.util.Optional;

/**
 * From an integer model to Verilog, as the command line does it. Every design that a test compiles
 * has the memories that its netlists say.
 */
final class TestCompiler {
  static final int DESIGN_HASH = 0x12345678;

  private TestCompiler() {}

  /** Schedules for a number of multipliers and writes the Verilog into a folder. */
  static ScheduledDesign compile(PartitionedModel model, int multipliers, Path rtl) {
    return compile(
        model, Mapping.of(Target.GENERIC, Optional.of(new Budget.Multipliers(multipliers))), rtl);
  }

  /** Schedules as a mapping says and writes the Verilog into a folder. */
  static ScheduledDesign compile(PartitionedModel model, Mapping mapping, Path rtl) {
    ScheduledDesign design = Scheduler.schedule(model, mapping, new DiagnosticCollector());
    write(design, rtl);
    return design;
  }

  /** Writes the Verilog of a design into a folder. */
  static void write(ScheduledDesign design, Path rtl) {
    Design built = design.lowered().design();
    VerilogGenerator.generate(
        built, "test", rtl, DESIGN_HASH, RomContents.IN_VERILOG, design.mapping().target());
    assertEquals(BuiltMemories.counted(built), BuiltMemories.ofVerilog(rtl), "bits of memory");
    for (Unit unit : built.units()) {
      assertEquals(
          Netlist.memories(unit).stream().anyMatch(Memory::loaded), unit.loads(), unit.name());
    }
  }

  /** What the cycle model says. */
  static Timing predicted(ScheduledDesign design) {
    return Timing.predicted(design.prediction());
  }
}
