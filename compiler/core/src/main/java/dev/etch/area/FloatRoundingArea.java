// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.hardware.arithmetic.Bits;
import dev.etch.hardware.requantizer.FloatScale;
import java.math.BigInteger;
import java.util.List;

/**
 * {@code Finish.rounded} in the Verilog: conditions on the bits behind the half, one for each power
 * of two, and the rounded result.
 *
 * @param magnitudeBits of a tie
 * @param resultBits of the output element
 */
record FloatRoundingArea(Fabric fabric, int shift, int magnitudeBits, int resultBits) {
  /**
   * The area.
   *
   * @param sums the smallest and the largest product
   * @param zeros the smallest and the largest zero point
   */
  Area of(int low, int high, List<BigInteger> sums, List<BigInteger> zeros) {
    BigInteger floor = sums.get(0).shiftRight(shift).add(zeros.get(0));
    BigInteger ceiling = sums.get(1).shiftRight(shift).add(zeros.get(1)).add(BigInteger.ONE);
    BigInteger lowest = BigInteger.valueOf(low);
    BigInteger highest = BigInteger.valueOf(high);
    int bits = Bits.signed(floor.min(lowest), ceiling.max(highest));
    int magnitudes = magnitudeBits + 1;
    double luts = fabric.condition(FloatScale.SIGNIFICANT_BITS) + 3.0 * magnitudes;
    luts += fabric.condition(magnitudes) + 1 + fabric.adder(bits);
    return new Area(luts, bits + magnitudes + 1, 0, 0)
        .plus(FinishArea.limited(floor, ceiling, low, high, resultBits));
  }
}
