// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.hardware.Design;
import dev.etch.hardware.SharedArray;
import dev.etch.hardware.Stream;
import dev.etch.hardware.Target;
import dev.etch.hardware.Unit;
import dev.etch.hardware.WindowUnit;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The estimated area of a design.
 *
 * @param units by name, without queues; and arrays of multipliers that units share
 * @param queues all of them
 * @param control registers of the bus, the counters and flags of the top module, and what reads
 *     words from outside
 */
public record DesignArea(Map<String, Area> units, Area queues, Area control) {
  /** Bus registers, and the top module's counters but those of beats. */
  private static final double CONTROL_REGISTERS = 430;

  public DesignArea {
    units = Collections.unmodifiableMap(new LinkedHashMap<>(units));
  }

  /** The estimate for a target. */
  public static DesignArea of(Design design, Target target) {
    UnitAreas areas = new UnitAreas(target);
    Map<String, Area> shared = new HashMap<>();
    Map<String, Area> arrays = new LinkedHashMap<>();
    for (SharedArray array : design.arrays()) {
      List<WindowUnit> members = design.members(array);
      List<WindowShape> shapes = members.parallelStream().map(WindowStructure::of).toList();
      for (int i = 0; i < shapes.size(); i++) {
        shared.put(members.get(i).name(), areas.sharing(members.get(i), shapes.get(i)));
      }
      arrays.put(array.name(), areas.array(shapes));
    }
    List<Area> each =
        design.units().parallelStream()
            .map(
                unit ->
                    shared.containsKey(unit.name()) ? shared.get(unit.name()) : unit.accept(areas))
            .toList();
    LoadedBuffers buffers = new LoadedBuffers(Fabric.of(target), design.buffers());
    Map<String, Area> units = new LinkedHashMap<>();
    for (int i = 0; i < each.size(); i++) {
      Unit unit = design.units().get(i);
      units.put(unit.name(), each.get(i).plus(buffers.beside(unit)));
    }
    units.putAll(arrays);
    int counted =
        Fabric.bits(design.input().beatsPerFrame())
            + design.outputs().stream()
                .mapToInt(output -> Fabric.bits(output.stream().beatsPerFrame()))
                .sum();
    Area control =
        new Area(Fabric.of(target).busControl() + counted, CONTROL_REGISTERS + counted, 0, 0)
            .plus(ReaderArea.of(design, target));
    return new DesignArea(units, queues(design, target), control);
  }

  /** The estimate for the same design with other depths of its queues. */
  public DesignArea withQueuesOf(Design design, Target target) {
    return new DesignArea(units, queues(design, target), control);
  }

  private static Area queues(Design design, Target target) {
    Area queues = Area.NONE;
    Set<Stream> unread = design.unread();
    for (Map.Entry<Stream, Integer> queue : design.depths().entrySet()) {
      int width = unread.contains(queue.getKey()) ? 0 : queue.getKey().type().bits();
      queues = queues.plus(QueueArea.of(width, queue.getValue(), target));
    }
    return queues;
  }

  /** Everything. */
  public Area total() {
    return units.values().stream().reduce(Area.NONE, Area::plus).plus(queues).plus(control);
  }
}
