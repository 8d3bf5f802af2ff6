// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.area.AdderTreeArea.Row;
import dev.etch.hardware.arithmetic.Bits;
import dev.etch.hardware.requantizer.Scale;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code ScaleHardware} in the Verilog: rows of a product, the offset, their sum and its finish.
 */
final class ScaleArea {
  private ScaleArea() {}

  static Area of(Scale form, RequantizerPlace place) {
    return of(form, place, List.of());
  }

  /**
   * The same with more rows.
   *
   * @param more rows that stand beside those of the product
   */
  static Area of(Scale form, RequantizerPlace place, List<Row> more) {
    Fabric fabric = place.fabric();
    OutputConstants multipliers = place.constants(form.multipliers());
    OutputConstants offsets = place.constants(form.offsets());
    BigInteger least = null;
    BigInteger most = null;
    for (int i = 0; i < place.count(); i++) {
      BigInteger multiplier = BigInteger.valueOf(multipliers.values().get(i));
      BigInteger offset = BigInteger.valueOf(offsets.values().get(i));
      for (BigInteger end : List.of(place.low(), place.high())) {
        BigInteger value = multiplier.multiply(end).add(offset);
        least = least == null ? value : least.min(value);
        most = most == null ? value : most.max(value);
      }
    }
    ProductRows product = ProductRows.of(fabric, multipliers, place.accumulatorBits());
    List<Row> rows = new ArrayList<>(product.rows());
    Area area = product.area();
    if (!offsets.areZero()) {
      int sumBits = Math.max(Bits.signed(least, most), form.shift() + 1);
      int bits = Math.min(sumBits, offsets.signedBits());
      rows.add(new Row(bits, 0, offsets.registers()));
      area = area.plus(offsets.memory(fabric, bits));
    }
    rows.addAll(more);
    FinishArea finish =
        new FinishArea(
            fabric, form.shift(), form.tieRule(), form.low(), form.high(), place.resultBits());
    return area.plus(finish.of(rows, least, most));
  }
}
