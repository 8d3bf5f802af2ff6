// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.hardware.arithmetic.Bits;
import dev.etch.hardware.arithmetic.TieRule;
import dev.etch.hardware.requantizer.Scale;
import dev.etch.hardware.requantizer.SharedScale;
import java.math.BigInteger;
import java.util.List;

/**
 * {@code SharedScaleHardware} in the Verilog: an adder and its register in front of a scale that
 * all channels share.
 */
final class SharedScaleArea {
  private SharedScaleArea() {}

  static Area of(SharedScale form, RequantizerPlace place) {
    OutputConstants biases = place.constants(form.biases());
    BigInteger low = BigInteger.valueOf(biases.least()).add(place.low());
    BigInteger high = BigInteger.valueOf(biases.most()).add(place.high());
    int bits = Bits.signed(low, high);
    Scale scale =
        new Scale(
            List.of(form.multiplier()),
            List.of(form.offset()),
            form.shift(),
            TieRule.NONE,
            form.low(),
            form.high());
    return new Area(place.fabric().adder(bits), bits, 0, 0)
        .plus(biases.memory(place.fabric(), biases.signedBits()))
        .plus(ScaleArea.of(scale, place.with(low, high, bits)));
  }
}
