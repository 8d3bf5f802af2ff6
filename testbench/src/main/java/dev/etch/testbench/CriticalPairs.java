// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.hardware.AddUnit;
import dev.etch.hardware.Sum;
import dev.etch.tensor.IntegerType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * The pairs of operands whose sums lie closest to a step of the result: there, a wrong bit of low
 * weight shows. The ends of both types are among them, and pairs at random.
 */
final class CriticalPairs {
  /** Pairs that are looked at if there are more. */
  private static final int CANDIDATES = 1 << 16;

  private static final long SEED = 23;

  private CriticalPairs() {}

  /** Two operands. */
  record Pair(int left, int right) {}

  /**
   * Critical pairs.
   *
   * @param most how many at most
   */
  static List<Pair> of(AddUnit unit, Sum.Linear sum, int most) {
    IntegerType left = unit.left().type().element();
    IntegerType right = unit.right().type().element();
    List<Pair> candidates = candidates(left, right);
    Set<Pair> chosen = new LinkedHashSet<>();
    for (long l : new long[] {left.minimum(), left.maximum()}) {
      for (long r : new long[] {right.minimum(), right.maximum()}) {
        chosen.add(new Pair((int) l, (int) r));
      }
    }
    candidates.stream()
        .sorted(Comparator.comparingLong(pair -> distance(sum, pair)))
        .limit(most / 2)
        .forEach(chosen::add);
    int apart = Math.max(1, candidates.size() / Math.max(1, most / 2));
    for (int i = 0; i < candidates.size(); i += apart) {
      chosen.add(candidates.get(i));
    }
    return chosen.stream().limit(most).toList();
  }

  private static List<Pair> candidates(IntegerType left, IntegerType right) {
    List<Pair> all = new ArrayList<>();
    if (left.bits() + right.bits() <= Integer.numberOfTrailingZeros(CANDIDATES)) {
      for (long l = left.minimum(); l <= left.maximum(); l++) {
        for (long r = right.minimum(); r <= right.maximum(); r++) {
          all.add(new Pair((int) l, (int) r));
        }
      }
      return all;
    }
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < CANDIDATES; i++) {
      all.add(new Pair(random(left, random), random(right, random)));
    }
    return all;
  }

  private static int random(IntegerType type, SplittableRandom random) {
    return (int) random.nextLong(type.minimum(), type.maximum() + 1);
  }

  /** From the scaled sum to the next step of the result, above or below; far if it is clamped. */
  private static long distance(Sum.Linear sum, Pair pair) {
    long scaled =
        pair.left() * sum.leftMultiplier() + pair.right() * sum.rightMultiplier() + sum.offset();
    long step = 1L << sum.shift();
    long level = scaled >> sum.shift();
    if (level < sum.low() - 1L || level > sum.high()) {
      return step;
    }
    long above = scaled & (step - 1);
    return Math.min(above, step - 1 - above);
  }
}
