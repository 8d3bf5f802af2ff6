// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.hardware.Design;
import dev.etch.hardware.SharedArray;
import dev.etch.hardware.Stream;
import dev.etch.hardware.Target;
import dev.etch.hardware.WindowUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The estimated area of a design.
 *
 * @param units by name, without queues; and arrays of multipliers that units share
 * @param queues all of them
 * @param control registers of the bus, and the counters and flags of the top module
 */
public record DesignArea(Map<String, Area> units, Area queues, Area control) {
  /** Bus registers, and the top module's counters but those of beats, with tables of 6 inputs. */
  private static final Area CONTROL_OF_SIX = new Area(214, 380, 0, 0);

  /** The same with tables of 4 inputs. */
  private static final Area CONTROL_OF_FOUR = new Area(590, 380, 0, 0);

  /**
   * Tables that choose an operand and a weight for a lane of a shared array, for each unit. The
   * array's accumulators are counted with the units, as if each had its own.
   */
  private static final double SELECTION_LUTS = 6;

  public DesignArea {
    units = Collections.unmodifiableMap(new LinkedHashMap<>(units));
  }

  /** The estimate for a target. */
  public static DesignArea of(Design design, Target target) {
    UnitAreas visitor = new UnitAreas(target);
    List<Area> areas = design.units().parallelStream().map(unit -> unit.accept(visitor)).toList();
    Map<String, Area> units = new LinkedHashMap<>();
    for (int i = 0; i < areas.size(); i++) {
      units.put(design.units().get(i).name(), areas.get(i));
    }
    for (SharedArray array : design.arrays()) {
      int connections = 0;
      for (WindowUnit member : design.members(array)) {
        units.computeIfPresent(
            member.name(), (name, a) -> new Area(a.luts(), a.flipFlops(), 0, a.blocks()));
        connections += member.program().lanes();
      }
      double selection = SELECTION_LUTS * connections;
      units.put(array.name(), new Area(selection, 0, design.lanes(array), 0));
    }
    int counted =
        Fabric.bits(design.input().beatsPerFrame()) + Fabric.bits(design.output().beatsPerFrame());
    Area control = Fabric.of(target).lutInputs() >= 6 ? CONTROL_OF_SIX : CONTROL_OF_FOUR;
    return new DesignArea(
        units, queues(design, target), control.plus(new Area(counted, counted, 0, 0)));
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
