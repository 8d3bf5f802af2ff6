// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.requantizer;

import dev.etch.hardware.arithmetic.Bits;
import dev.etch.hardware.memory.ConstantTable;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * The constants of a {@link BiasedScale}: the bias, digits of the multipliers, if they differ, and
 * half a step with what is missing to rows that are inverted only.
 */
final class BiasedScaleConstants {
  private BiasedScaleConstants() {}

  static List<ConstantTable> of(BiasedScale form, Accumulators accumulators) {
    MultiplierDigits digits = MultiplierDigits.of(accumulators.integers(form.multipliers()), 1);
    BigInteger half = BigInteger.ONE.shiftLeft(form.shift() - 1);
    List<BigInteger> halves = digits.rests().stream().map(half::add).toList();
    List<ConstantTable> tables = new ArrayList<>();
    tables.add(BiasConstants.of(form.biases(), accumulators));
    digits.table().ifPresent(tables::add);
    tables.add(new ConstantTable("half", 1, halves, Bits.signed(halves)));
    return tables;
  }
}
