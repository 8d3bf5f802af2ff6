// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.area.Area;
import dev.etch.area.DesignArea;
import dev.etch.area.UnitAreas;
import dev.etch.hardware.Design;
import dev.etch.hardware.MapUnit;
import dev.etch.hardware.MatrixUnit;
import dev.etch.hardware.Stream;
import dev.etch.hardware.Target;
import dev.etch.hardware.Unit;
import dev.etch.hardware.WindowUnit;
import dev.etch.hardware.WordSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the layers of a design take.
 *
 * @param layers by name; those that share an array have no multipliers of their own
 * @param recoded if words may be coded, those whose elements are broadcast, with coded words if
 *     theirs are not, and with words as they are if theirs are coded
 * @param arrays multipliers that layers share, and what selects their operands
 * @param total of all, with everything between the layers
 */
record BuiltAreas(
    Map<String, Area> layers, Map<String, Area> recoded, List<Area> arrays, Area total) {
  /**
   * The areas of a design.
   *
   * @param target of the areas
   * @param forms says whether products count, and whether words may be coded
   */
  static BuiltAreas of(Design design, DesignArea area, Target target, Forms forms) {
    Map<String, Area> layers = new HashMap<>();
    Map<String, Area> recoded = new HashMap<>();
    UnitAreas areas = new UnitAreas(target);
    Area uncounted = Area.NONE;
    Set<Stream> sums = new HashSet<>();
    for (Unit unit : design.units()) {
      if (unit instanceof WindowUnit window) {
        Area own = area.units().get(unit.name());
        boolean counts = forms.countsProducts() && !isShared(design, window);
        double more = counts ? window.multipliers() - own.multipliers() : 0;
        layers.put(unit.layer(), own.plus(new Area(0, 0, more, 0)));
        uncounted = uncounted.plus(new Area(0, 0, more, 0));
      } else if (unit instanceof MatrixUnit matrix) {
        sums.add(matrix.output());
        layers.put(unit.layer(), area.units().get(unit.name()));
        if (forms.codes()) {
          recoded.put(unit.layer(), areas.matrix(recoded(matrix)));
        }
      } else if (unit instanceof MapUnit map && sums.contains(map.input())) {
        layers.merge(unit.layer(), area.units().get(unit.name()), Area::plus);
        recoded.computeIfPresent(
            unit.layer(), (layer, own) -> own.plus(area.units().get(unit.name())));
      }
    }
    List<Area> arrays =
        design.arrays().stream().map(array -> area.units().get(array.name())).toList();
    return new BuiltAreas(layers, recoded, arrays, area.total().plus(uncounted));
  }

  private static MatrixUnit recoded(MatrixUnit unit) {
    return unit.withConstantWords(unit.words().isCoded() ? WordSource.ROM : WordSource.CODED);
  }

  private static boolean isShared(Design design, WindowUnit window) {
    return design.arrays().stream().anyMatch(array -> array.units().contains(window.name()));
  }
}
