// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.area.AdderTreeArea.Row;
import dev.etch.hardware.arithmetic.Bits;
import dev.etch.hardware.arithmetic.TieRule;
import dev.etch.hardware.requantizer.BiasedScale;
import dev.etch.hardware.requantizer.Scale;
import java.math.BigInteger;
import java.util.List;

/**
 * {@code BiasedScaleHardware} in the Verilog: an adder and its register in front of a scale with
 * half a step as the offset, and one more row.
 */
final class BiasedScaleArea {
  private BiasedScaleArea() {}

  static Area of(BiasedScale form, RequantizerPlace place) {
    OutputConstants biases = place.constants(form.biases());
    BigInteger low = BigInteger.valueOf(biases.least()).add(place.low());
    BigInteger high = BigInteger.valueOf(biases.most()).add(place.high());
    int bits = Bits.signed(low, high);
    List<Long> half = List.of(1L << (form.shift() - 1));
    Scale scale =
        new Scale(form.multipliers(), half, form.shift(), TieRule.NONE, form.low(), form.high());
    return new Area(place.fabric().adder(bits), bits, 0, 0)
        .plus(biases.memory(place.fabric(), bits))
        .plus(ScaleArea.of(scale, place.with(low, high, bits), List.of(new Row(1, 0))));
  }
}
