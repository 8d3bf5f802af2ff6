// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.requantizer;

import dev.etch.hardware.arithmetic.Bits;
import dev.etch.hardware.memory.ConstantTable;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The constants of a {@link CentredScale}: the bias, the exponent above the smallest, the
 * multiplier, the corrections, and the rest without the zeros that all end in.
 */
final class CentredScaleConstants {
  private CentredScaleConstants() {}

  static List<ConstantTable> of(CentredScale form, Accumulators accumulators) {
    List<BigInteger> multipliers = accumulators.integers(form.multipliers());
    List<ConstantTable> corrections =
        CorrectionConstants.of(form.raised(), form.lowered(), accumulators);
    List<ConstantTable> tables = new ArrayList<>();
    tables.add(BiasConstants.of(form.biases(), accumulators));
    tables.add(exponents(accumulators.each(form.exponents())));
    tables.add(ConstantTable.of("multiplier", 3, multipliers, Bits.signed(multipliers)));
    tables.addAll(corrections);
    tables.add(rests(form, accumulators, corrections.isEmpty() ? 4 : 3));
    return tables;
  }

  private static ConstantTable exponents(List<Integer> exponents) {
    int smallest = Collections.min(exponents);
    List<BigInteger> choices =
        exponents.stream().map(exponent -> BigInteger.valueOf(exponent - smallest)).toList();
    int width = Bits.choosing(Collections.max(exponents) - smallest + 1);
    return ConstantTable.of("exponent", 1, choices, width);
  }

  private static ConstantTable rests(CentredScale form, Accumulators accumulators, int stage) {
    List<BigInteger> rests = accumulators.integers(form.rests());
    int zeros = Bits.commonZeros(rests, form.shift());
    List<BigInteger> shortened = rests.stream().map(rest -> rest.shiftRight(zeros)).toList();
    int width =
        Bits.signed(Collections.min(shortened).min(BigInteger.ZERO), Collections.max(shortened));
    return ConstantTable.of("rest", stage, shortened, width);
  }
}
