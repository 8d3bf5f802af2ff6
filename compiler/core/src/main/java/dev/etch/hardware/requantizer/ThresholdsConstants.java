// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.requantizer;

import dev.etch.hardware.arithmetic.Bits;
import dev.etch.hardware.memory.ConstantTable;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * The constants of {@link Thresholds}: the first of each channel, the second, and so on. Where a
 * channel has no more, an accumulator that cannot occur.
 */
final class ThresholdsConstants {
  private ThresholdsConstants() {}

  static List<ConstantTable> of(Thresholds form, Accumulators accumulators) {
    List<List<Long>> lists = accumulators.each(form.thresholds());
    int most = lists.stream().mapToInt(List::size).max().orElseThrow();
    BigInteger low = accumulators.low();
    BigInteger never = accumulators.never();
    int width = Bits.signed(low, never);
    List<ConstantTable> tables = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      List<BigInteger> values = new ArrayList<>();
      for (List<Long> list : lists) {
        values.add(i < list.size() ? BigInteger.valueOf(list.get(i)).max(low).min(never) : never);
      }
      tables.add(ConstantTable.of("threshold" + i, 0, values, width));
    }
    return tables;
  }
}
