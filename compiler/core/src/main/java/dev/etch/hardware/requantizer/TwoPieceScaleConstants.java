// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.requantizer;

import dev.etch.hardware.arithmetic.Bits;
import dev.etch.hardware.memory.ConstantTable;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The constants of a {@link TwoPieceScale}: pivots without the zeros that all end in, what is added
 * below them, and those of the upper line.
 */
final class TwoPieceScaleConstants {
  private TwoPieceScaleConstants() {}

  static List<ConstantTable> of(TwoPieceScale form, Accumulators accumulators) {
    List<BigInteger> pivots = accumulators.integers(form.pivots());
    List<BigInteger> belows = accumulators.integers(form.belows());
    int operandBits = Bits.signed(accumulators.low(), accumulators.high());
    int zeros = Bits.commonZeros(pivots, operandBits - 1);
    List<BigInteger> compared = pivots.stream().map(pivot -> pivot.shiftRight(zeros)).toList();
    int comparedBits = Math.max(operandBits - zeros, Bits.signed(compared));
    List<ConstantTable> tables = new ArrayList<>();
    tables.add(ConstantTable.of("pivot", 0, compared, comparedBits));
    tables.add(ConstantTable.of("below", 0, belows, Bits.signed(belows)));
    tables.addAll(
        ScaleConstants.of(
            form.upperLine(), accumulators, Collections.min(belows), BigInteger.ZERO));
    return tables;
  }
}
