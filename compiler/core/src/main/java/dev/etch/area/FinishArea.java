// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.area.AdderTreeArea.Row;
import dev.etch.hardware.PipelineStages;
import dev.etch.hardware.arithmetic.Bits;
import dev.etch.hardware.arithmetic.TieRule;
import java.math.BigInteger;
import java.util.List;

/**
 * {@code Finish} in the Verilog: shift, tie rule and clamp of a sum.
 *
 * @param resultBits of the output element
 */
record FinishArea(Fabric fabric, int shift, TieRule tieRule, int low, int high, int resultBits) {
  /** The adder tree of rows, and what follows it. */
  Area of(List<Row> rows, BigInteger least, BigInteger most) {
    int bits = Math.max(Bits.signed(least, most), shift + 1);
    int stages = Math.min(PipelineStages.SUM, Math.max(1, Fabric.bits(rows.size())));
    return new AdderTreeArea(fabric, bits).of(rows, stages).plus(of(least, most));
  }

  /** What follows a sum from {@code least} to {@code most}. */
  Area of(BigInteger least, BigInteger most) {
    boolean ties = tieRule != TieRule.NONE && shift > 0;
    BigInteger quotient = least.shiftRight(shift);
    BigInteger floor = ties ? quotient.subtract(BigInteger.ONE) : quotient;
    BigInteger ceiling = most.shiftRight(shift);
    BigInteger lowest = BigInteger.valueOf(low);
    BigInteger highest = BigInteger.valueOf(high);
    int bits = Bits.signed(floor.min(lowest), ceiling.max(highest));
    double luts = ties ? fabric.condition(shift) + 1 + fabric.adder(bits) : 0;
    // the quotient, and whether it is a tie
    return new Area(luts, bits + (ties ? 1 : 0), 0, 0)
        .plus(limited(floor, ceiling, low, high, resultBits));
  }

  /** The register of a rounded number from {@code floor} to {@code ceiling}, and the clamp. */
  static Area limited(BigInteger floor, BigInteger ceiling, int low, int high, int resultBits) {
    BigInteger lowest = BigInteger.valueOf(low);
    BigInteger highest = BigInteger.valueOf(high);
    int bits = Bits.signed(floor.min(lowest), ceiling.max(highest));
    double limit = bits / 2.0 + resultBits / 2.0;
    double luts = floor.compareTo(lowest) < 0 ? limit : 0;
    luts += ceiling.compareTo(highest) > 0 ? limit : 0;
    return new Area(luts, bits + resultBits, 0, 0);
  }
}
