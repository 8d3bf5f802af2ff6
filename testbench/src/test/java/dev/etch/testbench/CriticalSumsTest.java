// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.exact.Interval;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.LongToIntFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CriticalSumsTest {
  private static final Interval RANGE = new Interval(-20_000, 30_000);
  private static final int SHIFT = 24;

  @Test
  void bothSidesOfEveryStepAndTheEndsAreThere() {
    LongToIntFunction staircase = scale(85_191, 1 << 20);
    Set<Long> found = new HashSet<>(CriticalSums.of(RANGE, staircase, 2000));
    assertEquals(wanted(staircase), found);
  }

  @Test
  void thoseThatLeaveLeastRoomComeFirst() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 50; i++) {
      long factor = random.nextLong(10_000, 100_000);
      long offset = random.nextLong(1 << SHIFT);
      List<Long> found = CriticalSums.of(RANGE, scale(factor, offset), 60);
      Comparator<Long> room =
          Comparator.comparing(sum -> Math.floorMod(sum * factor + offset, 1L << SHIFT));
      List<Long> all = LongStream.rangeClosed(RANGE.low(), RANGE.high()).boxed().toList();
      assertTrue(found.contains(all.stream().min(room).orElseThrow()), "above a step " + factor);
      assertTrue(found.contains(all.stream().max(room).orElseThrow()), "below a step " + factor);
    }
  }

  @Test
  void aConstantHasItsEndsOnly() {
    assertEquals(List.of(-5L, 7L), CriticalSums.of(new Interval(-5, 7), sum -> 3, 10));
  }

  @Test
  void thereAreNoMoreThanAskedFor() {
    assertEquals(9, CriticalSums.of(RANGE, scale(85_191, 0), 9).size());
  }

  private static LongToIntFunction scale(long factor, long offset) {
    return sum -> (int) (sum * factor + offset >> SHIFT);
  }

  private static Set<Long> wanted(LongToIntFunction staircase) {
    Set<Long> wanted = new HashSet<>(Set.of(RANGE.low(), RANGE.high()));
    for (long sum = RANGE.low(); sum < RANGE.high(); sum++) {
      if (staircase.applyAsInt(sum) != staircase.applyAsInt(sum + 1)) {
        wanted.add(sum);
        wanted.add(sum + 1);
      }
    }
    return wanted;
  }
}
