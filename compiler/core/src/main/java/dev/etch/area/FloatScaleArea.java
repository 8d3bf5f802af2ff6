// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.hardware.PipelineStages;
import dev.etch.hardware.arithmetic.Bits;
import dev.etch.hardware.requantizer.FloatScale;
import java.math.BigInteger;
import java.util.List;

/**
 * {@code FloatScaleHardware} in the Verilog: an adder and its register in front of a product, the
 * conditions that tell a tie, and what rounds.
 */
final class FloatScaleArea {
  private FloatScaleArea() {}

  static Area of(FloatScale form, RequantizerPlace place) {
    Fabric fabric = place.fabric();
    OutputConstants biases = place.constants(form.biases());
    OutputConstants multipliers = place.constants(form.multipliers());
    BigInteger low = BigInteger.valueOf(biases.least()).add(place.low());
    BigInteger high = BigInteger.valueOf(biases.most()).add(place.high());
    int bits = Bits.signed(low, high);
    BigInteger most = BigInteger.valueOf(multipliers.most());
    BigInteger least = low.min(BigInteger.ZERO).multiply(most);
    BigInteger greatest = high.max(BigInteger.ZERO).multiply(most);
    ProductRows product = ProductRows.of(fabric, multipliers, bits);
    int sumBits = Math.max(Bits.signed(least, greatest), form.shift() + 1);
    BigInteger zero = BigInteger.valueOf(form.zeroPoint());
    return new Area(biases.areZero() ? 0 : fabric.adder(bits), bits, 0, 0)
        .plus(biases.memory(fabric, biases.signedBits()))
        .plus(product.area())
        .plus(new AdderTreeArea(fabric, sumBits).of(product.rows(), PipelineStages.SUM - 1))
        .plus(
            new FloatRoundingArea(fabric, form.shift(), form.magnitudeBits(), place.resultBits())
                .of(form.low(), form.high(), List.of(least, greatest), List.of(zero, zero)));
  }
}
