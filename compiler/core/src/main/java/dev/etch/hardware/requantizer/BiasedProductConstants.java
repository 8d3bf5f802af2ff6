// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.requantizer;

import dev.etch.hardware.arithmetic.Bits;
import dev.etch.hardware.memory.ConstantTable;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * The constants of a product with a bias in front of it: the bias, and the digits of the
 * multipliers, if they differ.
 */
final class BiasedProductConstants {
  private BiasedProductConstants() {}

  /**
   * The constants.
   *
   * @param biases one a channel, or one for all
   * @param multipliers likewise
   */
  static List<ConstantTable> of(
      List<Long> biases, List<Long> multipliers, Accumulators accumulators) {
    List<BigInteger> added = accumulators.integers(biases);
    List<ConstantTable> tables = new ArrayList<>();
    tables.add(ConstantTable.of("bias", 0, added, Bits.signed(added)));
    MultiplierDigits.of(accumulators.integers(multipliers), 1).table().ifPresent(tables::add);
    return tables;
  }
}
