// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.hardware.Design;
import dev.etch.hardware.Stream;
import dev.etch.hardware.Target;
import dev.etch.hardware.Unit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The estimated area of a design.
 *
 * @param units by name, without queues
 * @param queues all of them
 * @param control registers of the bus, and the counters and flags of the top module
 */
public record DesignArea(Map<String, Area> units, Area queues, Area control) {
  /** Bus registers. */
  private static final Area REGISTERS = new Area(164, 11, 0, 0);

  /** The top module's counters, without those of beats. */
  private static final Area MONITOR = new Area(50, 370, 0, 0);

  public DesignArea {
    units = Collections.unmodifiableMap(new LinkedHashMap<>(units));
  }

  /** The estimate for a target. */
  public static DesignArea of(Design design, Target target) {
    UnitAreas areas = new UnitAreas(target);
    Map<String, Area> units = new LinkedHashMap<>();
    for (Unit unit : design.units()) {
      units.put(unit.name(), unit.accept(areas));
    }
    Area queues = Area.NONE;
    for (Stream stream : design.depths().keySet()) {
      queues = queues.plus(QueueArea.of(design, stream, target));
    }
    int counted = Fabric.bits(design.input().beatsPerFrame()) + Fabric.bits(design.output().beatsPerFrame());
    return new DesignArea(
        units, queues, REGISTERS.plus(MONITOR).plus(new Area(counted, counted, 0, 0)));
  }

  /** Everything. */
  public Area total() {
    return units.values().stream().reduce(Area.NONE, Area::plus).plus(queues).plus(control);
  }
}
