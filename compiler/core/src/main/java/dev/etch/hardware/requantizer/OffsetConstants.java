// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.requantizer;

import dev.etch.hardware.arithmetic.Bits;
import dev.etch.hardware.memory.ConstantTable;
import java.math.BigInteger;
import java.util.Collections;
import java.util.List;

/** The constants of an {@link Offset}. */
final class OffsetConstants {
  private OffsetConstants() {}

  static List<ConstantTable> of(Offset form, Accumulators accumulators) {
    List<BigInteger> offsets = accumulators.integers(form.offsets());
    BigInteger low = accumulators.low().add(Collections.min(offsets));
    BigInteger high = accumulators.high().add(Collections.max(offsets));
    return List.of(ConstantTable.of("offset", 0, offsets, Bits.signed(low, high)));
  }
}
