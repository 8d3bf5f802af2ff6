// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.hardware.requantizer.Table;
import java.util.List;

/** {@code TableHardware} in the Verilog: a memory. */
final class TableArea {
  private TableArea() {}

  static Area of(Table form, RequantizerPlace place) {
    List<List<Integer>> own = place.each(form.tables()).stream().distinct().toList();
    int words = own.size() * own.get(0).size();
    return place
        .fabric()
        .memories()
        .constant(place.fabric(), words, place.resultBits(), place.resultBits())
        .plus(place.delayedFrom(1));
  }
}
