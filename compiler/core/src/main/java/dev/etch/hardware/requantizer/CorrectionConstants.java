// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.requantizer;

import dev.etch.hardware.arithmetic.Bits;
import dev.etch.hardware.memory.ConstantTable;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The constants that move a result where the accumulator is one of a few: in each slot the
 * accumulator of a channel, and whether it is moved down. A slot that a channel does not use names
 * an accumulator that cannot occur.
 */
final class CorrectionConstants {
  private CorrectionConstants() {}

  /**
   * None, if no accumulator is corrected.
   *
   * @param raised accumulators; one list a channel, or one for all
   * @param lowered likewise
   */
  static List<ConstantTable> of(
      List<List<Long>> raised, List<List<Long>> lowered, Accumulators accumulators) {
    List<List<Long>> ups = accumulators.each(raised);
    List<List<Long>> downs = accumulators.each(lowered);
    int slots =
        IntStream.range(0, ups.size())
            .map(index -> ups.get(index).size() + downs.get(index).size())
            .max()
            .orElseThrow();
    BigInteger never = accumulators.never();
    int width = Bits.signed(accumulators.low(), never);
    List<ConstantTable> tables = new ArrayList<>();
    for (int slot = 0; slot < slots; slot++) {
      List<BigInteger> places = new ArrayList<>();
      List<BigInteger> lowers = new ArrayList<>();
      for (int index = 0; index < ups.size(); index++) {
        List<Long> up = ups.get(index);
        List<Long> down = downs.get(index);
        int beyond = slot - up.size();
        boolean lower = beyond >= 0 && beyond < down.size();
        places.add(
            beyond < 0
                ? BigInteger.valueOf(up.get(slot))
                : lower ? BigInteger.valueOf(down.get(beyond)) : never);
        lowers.add(lower ? BigInteger.ONE : BigInteger.ZERO);
      }
      tables.add(ConstantTable.of("corrected" + slot, 0, places, width));
      tables.add(ConstantTable.of("lowered" + slot, 0, lowers, 1));
    }
    return tables;
  }
}
