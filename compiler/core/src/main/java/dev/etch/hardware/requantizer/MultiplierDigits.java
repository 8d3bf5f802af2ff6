// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.requantizer;

import dev.etch.hardware.arithmetic.SignedDigits;
import dev.etch.hardware.memory.ConstantTable;
import java.math.BigInteger;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Constant multipliers of a product that is made of rows.
 *
 * @param table digits of the multipliers, if they differ
 * @param rests what is missing to the product of each, because negative rows are inverted only
 */
record MultiplierDigits(Optional<ConstantTable> table, List<BigInteger> rests) {
  /**
   * The digits of some multipliers.
   *
   * @param multipliers one an index
   * @param stage in which their memory is read
   */
  static MultiplierDigits of(List<BigInteger> multipliers, int stage) {
    if (multipliers.stream().distinct().count() == 1) {
      BigInteger rest = SignedDigits.canonicalRest(multipliers.get(0));
      return new MultiplierDigits(Optional.empty(), Collections.nCopies(multipliers.size(), rest));
    }
    int count = SignedDigits.radix4Count(multipliers);
    List<List<Integer>> digits =
        multipliers.stream().map(value -> SignedDigits.radix4(value, count)).toList();
    List<BigInteger> words = digits.stream().map(SignedDigits::encode).toList();
    return new MultiplierDigits(
        Optional.of(ConstantTable.of("digits", stage, words, SignedDigits.CODE_BITS * count)),
        digits.stream().map(SignedDigits::radix4Rest).toList());
  }
}
