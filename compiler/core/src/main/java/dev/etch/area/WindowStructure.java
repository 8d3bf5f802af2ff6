// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.hardware.LaneSharing.Feed;
import dev.etch.hardware.LaneSharing.Port;
import dev.etch.hardware.PipelineStages;
import dev.etch.hardware.Program;
import dev.etch.hardware.Program.Lane;
import dev.etch.hardware.ScheduleWord;
import dev.etch.hardware.WindowNetlist;
import dev.etch.hardware.WindowNetlist.DrainGroup;
import dev.etch.hardware.WindowNetlist.Multiplier;
import dev.etch.hardware.WindowUnit;
import dev.etch.hardware.memory.MemoryUse;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Counts the netlist of a window unit. */
final class WindowStructure {
  private final WindowUnit unit;
  private final Program program;
  private final WindowNetlist netlist;
  private final List<Lane> lanes;

  private WindowStructure(WindowUnit unit) {
    this.unit = unit;
    this.program = unit.program();
    this.netlist = WindowNetlist.of(unit);
    this.lanes = program.clusters().stream().flatMap(c -> c.lanes().stream()).toList();
  }

  /** The shape of a unit. */
  static WindowShape of(WindowUnit unit) {
    return new WindowStructure(unit).shape();
  }

  private WindowShape shape() {
    List<Port> ports = netlist.ports().all();
    List<Multiplier> multipliers =
        netlist.multipliers().stream().filter(multiplier -> !multiplier.isShift()).toList();
    return new WindowShape(
        unit.operation(),
        unit.input().type().element(),
        unit.input().type().elements(),
        unit.buffer().words(),
        unit.buffer().banks().count(),
        unit.accumulator(),
        unit.output().type().element(),
        program.steps(),
        program.clusters().size(),
        program.outputsPerCluster(),
        lanes.size(),
        (int) lanes.stream().filter(this::accumulates).count(),
        multipliers.size(),
        factorBits(multipliers),
        ports.size(),
        ports.stream().map(port -> netlist.ports().stored(port).size()).toList(),
        ports.stream().mapToInt(port -> port.feeds().size()).sum(),
        ports.stream().mapToInt(this::choices).sum(),
        netlist.columns().fields().stream()
            .anyMatch(field -> field.stage() == PipelineStages.ADDRESS),
        netlist.ports().distances().size(),
        netlist.columns().words().stream().map(WindowStructure::memory).toList(),
        !netlist.drainGroups().stream().allMatch(DrainGroup::isWhole),
        netlist.drainGroups().size(),
        unit.reorderPixels());
  }

  private static ScheduleMemory memory(ScheduleWord word) {
    return new ScheduleMemory(
        columns(word, EnumSet.of(MemoryUse.POSITIONS)),
        columns(word, EnumSet.of(MemoryUse.WEIGHTS)),
        columns(word, EnumSet.of(MemoryUse.FLAGS, MemoryUse.DRAINS)));
  }

  private static Columns columns(ScheduleWord word, Set<MemoryUse> uses) {
    ColumnCounter counter = new ColumnCounter();
    word.fields().stream()
        .filter(column -> uses.contains(column.use()))
        .forEach(column -> counter.add(column.entries(), column.width()));
    return counter.columns();
  }

  /** Elements that the feeds of a port choose from, together. */
  private int choices(Port port) {
    if (program.loadsSchedule()) {
      return port.feeds().size() * netlist.ports().stored(port).size();
    }
    return port.feeds().stream().mapToInt(feed -> chooses(feed) ? port.elements().size() : 1).sum();
  }

  private static boolean chooses(Feed feed) {
    return feed.elements().stream().distinct().count() > 1;
  }

  /** Bits of the widest factor of a multiplier, or of a weight if there are none. */
  private int factorBits(List<Multiplier> multipliers) {
    return unit.multipliesInLogic()
        ? netlist.weightBits()
        : multipliers.stream().mapToInt(Multiplier::factorBits).max().orElse(0);
  }

  private boolean accumulates(Lane lane) {
    return program.loadsSchedule() || lane.steps().stream().anyMatch(s -> !s.isIdle() && !s.last());
  }
}
