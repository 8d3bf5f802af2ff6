// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.area.AdderTreeArea.Row;
import dev.etch.hardware.PipelineStages;
import dev.etch.hardware.requantizer.Thresholds;
import java.util.Collections;
import java.util.List;

/** {@code ThresholdsHardware} in the Verilog: comparisons, and an adder tree that counts. */
final class ThresholdsArea {
  private ThresholdsArea() {}

  static Area of(Thresholds form, RequantizerPlace place) {
    Fabric fabric = place.fabric();
    List<List<Long>> lists = place.each(form.thresholds());
    int most = lists.stream().mapToInt(List::size).max().orElse(0);
    long low = place.low().longValue();
    long high = place.high().longValue();
    Area comparators =
        new ComparatorArea(fabric, place.accumulatorBits() + 1, lists, low, high).of();
    List<Row> rows = Collections.nCopies(most, new Row(1, 0));
    int total = Math.max(2, Fabric.bits(most + 1) + 1);
    return comparators
        .plus(new AdderTreeArea(fabric, total).of(rows, PipelineStages.SUM))
        .plus(Area.luts(form.low() == 0 ? 0 : fabric.adder(place.resultBits())))
        .plus(place.delayedFrom(PipelineStages.SUM + 1));
  }
}
