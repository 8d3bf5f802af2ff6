// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.area.AdderTreeArea.Row;
import dev.etch.hardware.requantizer.TwoPieceScale;
import java.util.List;

/**
 * {@code TwoPieceScaleHardware} in the Verilog: a scale with one more row, and a comparison with as
 * many bits as the pivots do not end in zeros.
 */
final class TwoPieceScaleArea {
  private TwoPieceScaleArea() {}

  static Area of(TwoPieceScale form, RequantizerPlace place) {
    Fabric fabric = place.fabric();
    OutputConstants pivots = place.constants(form.pivots());
    OutputConstants belows = place.constants(form.belows());
    int bits = place.accumulatorBits();
    int compared = bits - pivots.zeros(bits - 1);
    int belowBits = belows.signedBits();
    Row row = new Row(belowBits, belows.zeros(belowBits));
    Area piece =
        Area.luts(compared / 2.0)
            .plus(pivots.memory(fabric, Math.max(bits, pivots.signedBits())))
            .plus(belows.memory(fabric, belowBits))
            .plus(Area.flipFlops(pivots.registers() * (double) compared))
            .plus(Area.flipFlops(belows.registers() * (double) row.used()));
    return piece.plus(ScaleArea.of(form.upperLine(), place, List.of(row)));
  }
}
