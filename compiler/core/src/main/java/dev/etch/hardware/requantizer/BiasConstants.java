// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.requantizer;

import dev.etch.hardware.arithmetic.Bits;
import dev.etch.hardware.memory.ConstantTable;
import java.math.BigInteger;
import java.util.Collections;
import java.util.List;

/** The constant in front of a product. */
final class BiasConstants {
  private BiasConstants() {}

  /**
   * As wide as the sum.
   *
   * @param biases one a channel, or one for all
   */
  static ConstantTable of(List<Long> biases, Accumulators accumulators) {
    List<BigInteger> own = accumulators.integers(biases);
    BigInteger low = accumulators.low().add(Collections.min(own));
    BigInteger high = accumulators.high().add(Collections.max(own));
    return ConstantTable.of("bias", 0, own, Bits.signed(low, high));
  }
}
