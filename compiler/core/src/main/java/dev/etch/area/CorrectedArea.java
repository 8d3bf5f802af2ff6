// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.area.AdderTreeArea.Row;
import dev.etch.hardware.requantizer.Corrected;
import java.util.Collections;
import java.util.List;

/** {@code CorrectedHardware} in the Verilog: a scale with one more row for each correction. */
final class CorrectedArea {
  private CorrectedArea() {}

  static Area of(Corrected form, RequantizerPlace place) {
    CorrectionsArea corrections = new CorrectionsArea(place, form.raised(), form.lowered());
    Row half = new Row(form.shift() + 1, form.shift() - 1);
    List<Row> rows = Collections.nCopies(corrections.slots(), half);
    return corrections.of().plus(ScaleArea.of(form.line(), place, rows));
  }
}
