// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import static dev.etch.hardware.requantizer.LoadedFixedPoint.FIRST_PLACES;

import dev.etch.area.AdderTreeArea.Row;
import dev.etch.hardware.PipelineStages;
import dev.etch.hardware.arithmetic.Bits;
import dev.etch.hardware.requantizer.LoadedFixedPoint;
import dev.etch.hardware.requantizer.LoadedScale;
import dev.etch.hardware.requantizer.ScaleEnvelope;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code LoadedScaleHardware} and {@code LoadedFixedPointHardware} in the Verilog: {@link
 * FloatScaleArea} for all of an envelope.
 */
final class LoadedScaleArea {
  private LoadedScaleArea() {}

  static Area of(LoadedScale form, RequantizerPlace place) {
    ScaleEnvelope envelope = form.envelope();
    List<BigInteger> sums = sums(envelope, place);
    return product(envelope, place, List.of())
        .plus(
            new FloatRoundingArea(
                    place.fabric(), envelope.shift(), envelope.magnitudeBits(), place.resultBits())
                .of(envelope.low(), envelope.high(), sums, zero(envelope)));
  }

  static Area of(LoadedFixedPoint form, RequantizerPlace place) {
    Fabric fabric = place.fabric();
    ScaleEnvelope envelope = form.envelope();
    int places = LoadedFixedPoint.mostPlaces(envelope);
    List<BigInteger> sums = sums(envelope, place);
    BigInteger least = sums.get(0).shiftRight(envelope.shift()).subtract(BigInteger.ONE);
    BigInteger most = sums.get(1).shiftRight(envelope.shift()).add(BigInteger.ONE);
    BigInteger low = least.add(BigInteger.valueOf(envelope.low()));
    BigInteger high = most.add(BigInteger.valueOf(envelope.high()));
    int bits = Bits.signed(low, high);
    int delayed = places * (PipelineStages.SUM - 1);
    double luts =
        places + fabric.condition(bits) + fabric.condition(2 * places) + fabric.adder(bits);
    return product(envelope, place, List.of(new Row(envelope.shift(), FIRST_PLACES - 1)))
        .plus(memory(place, places))
        .plus(new Area(luts, delayed + bits + 2, 0, 0))
        .plus(FinishArea.limited(low, high, envelope.low(), envelope.high(), place.resultBits()));
  }

  /** The smallest and the largest product. */
  private static List<BigInteger> sums(ScaleEnvelope envelope, RequantizerPlace place) {
    BigInteger bias = BigInteger.ONE.shiftLeft(envelope.biasBits() - 1);
    BigInteger most = BigInteger.ONE.shiftLeft(envelope.multiplierBits());
    return List.of(
        place.low().subtract(bias).multiply(most), place.high().add(bias).multiply(most));
  }

  /**
   * The product with its memories, and the zero point's.
   *
   * @param more rows of the sum
   */
  private static Area product(ScaleEnvelope envelope, RequantizerPlace place, List<Row> more) {
    Fabric fabric = place.fabric();
    BigInteger bias = BigInteger.ONE.shiftLeft(envelope.biasBits() - 1);
    int bits = Bits.signed(place.low().subtract(bias), place.high().add(bias));
    List<BigInteger> sums = sums(envelope, place);
    ProductRows product = ProductRows.ofLoaded(fabric, envelope.digits(), bits);
    int sumBits = Math.max(Bits.signed(sums.get(0), sums.get(1)), envelope.shift() + 1);
    List<Row> rows = new ArrayList<>(product.rows());
    rows.addAll(more);
    return new Area(fabric.adder(bits), bits, 0, 0)
        .plus(memory(place, envelope.biasBits()))
        .plus(memory(place, 2 * envelope.digits()))
        .plus(memory(place, place.resultBits()))
        .plus(product.area())
        .plus(new AdderTreeArea(fabric, sumBits).of(rows, PipelineStages.SUM - 1));
  }

  private static List<BigInteger> zero(ScaleEnvelope envelope) {
    return List.of(BigInteger.valueOf(envelope.low()), BigInteger.valueOf(envelope.high()));
  }

  private static Area memory(RequantizerPlace place, int width) {
    return place.fabric().memories().synchronous(place.fabric(), Math.max(2, place.count()), width);
  }
}
