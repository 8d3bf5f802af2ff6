// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.hardware.PipelineStages;
import dev.etch.hardware.arithmetic.Bits;
import dev.etch.hardware.requantizer.LoadedScale;
import java.math.BigInteger;
import java.util.List;

/** {@code LoadedScaleHardware} in the Verilog: {@link FloatScaleArea} for all of an envelope. */
final class LoadedScaleArea {
  private LoadedScaleArea() {}

  static Area of(LoadedScale form, RequantizerPlace place) {
    Fabric fabric = place.fabric();
    LoadedScale.Envelope envelope = form.envelope();
    BigInteger low = place.low().subtract(BigInteger.ONE.shiftLeft(envelope.biasBits() - 1));
    BigInteger high = place.high().add(BigInteger.ONE.shiftLeft(envelope.biasBits() - 1));
    int bits = Bits.signed(low, high);
    BigInteger most = BigInteger.ONE.shiftLeft(envelope.multiplierBits());
    List<BigInteger> sums = List.of(low.multiply(most), high.multiply(most));
    ProductRows product = ProductRows.ofLoaded(fabric, envelope.digits(), bits);
    int sumBits = Math.max(Bits.signed(sums.get(0), sums.get(1)), envelope.shift() + 1);
    return new Area(fabric.adder(bits), bits, 0, 0)
        .plus(memory(place, envelope.biasBits()))
        .plus(memory(place, 2 * envelope.digits()))
        .plus(memory(place, place.resultBits()))
        .plus(product.area())
        .plus(new AdderTreeArea(fabric, sumBits).of(product.rows(), PipelineStages.SUM - 1))
        .plus(
            new FloatRoundingArea(
                    fabric, envelope.shift(), envelope.magnitudeBits(), place.resultBits())
                .of(envelope.low(), envelope.high(), sums, zero(envelope)));
  }

  private static List<BigInteger> zero(LoadedScale.Envelope envelope) {
    return List.of(BigInteger.valueOf(envelope.low()), BigInteger.valueOf(envelope.high()));
  }

  private static Area memory(RequantizerPlace place, int width) {
    return place.fabric().memories().synchronous(place.fabric(), Math.max(2, place.count()), width);
  }
}
