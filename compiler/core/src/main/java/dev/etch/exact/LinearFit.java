// SPDX-License-Identifier: Apache-2.0
package dev.etch.exact;

import dev.etch.hardware.arithmetic.TieRule;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * Decides for one channel, one shift and one tie rule which multipliers m allow an offset b with
 * {@code clamp((raw * m + b) >> shift)} equal to the staircase.
 *
 * <p>The output is at least k exactly if {@code raw * m + b >= k * 2^shift + e(k)}, where e(k) is 1
 * if the tie rule sends a tie at k down and 0 otherwise. So every step gives one lower bound of b
 * (the step must be reached) and one upper bound (the raw sum before it must not reach it); all are
 * linear in m. The gap between the least upper and the greatest lower bound is concave in m: the
 * multipliers that fit are an interval, and Newton's method from below finds its least element
 * exactly, each time jumping to where the two tightest bounds meet.
 */
final class LinearFit implements MultiplierSearch.Fit {
  /** Products and bounds must stay below this, so that no sum of two leaves 63 bits. */
  private static final long LIMIT = 1L << 61;

  /** An offset that nothing bounds. */
  private static final long UNBOUNDED = 1L << 62;

  private final long[] mustReach;
  private final int[] reachLevel;
  private final long[] mustNotReach;
  private final int[] notReachLevel;
  private final int shift;
  private final TieRule rule;
  private final long furthest;

  private int tightestLower;
  private int tightestUpper;

  /**
   * @param clampLow least output of the common clamp; a channel that ends above it must be held up
   * @param clampHigh greatest output of the common clamp
   */
  LinearFit(Staircase stairs, int clampLow, int clampHigh, int shift, TieRule rule) {
    int steps = stairs.steps().length;
    boolean holdUp = stairs.lowest() > clampLow;
    boolean holdDown = stairs.highest() < clampHigh;
    mustReach = new long[steps + (holdUp ? 1 : 0)];
    reachLevel = new int[mustReach.length];
    mustNotReach = new long[steps + (holdDown ? 1 : 0)];
    notReachLevel = new int[mustNotReach.length];
    int level = stairs.lowest();
    for (int i = 0; i < steps; i++) {
      mustReach[i] = stairs.steps()[i];
      reachLevel[i] = stairs.levels()[i];
      mustNotReach[i] = stairs.steps()[i] - 1;
      notReachLevel[i] = level + 1;
      level = stairs.levels()[i];
    }
    Interval raw = stairs.problem().raw();
    if (holdUp) {
      mustReach[steps] = raw.low();
      reachLevel[steps] = stairs.lowest();
    }
    if (holdDown) {
      mustNotReach[steps] = raw.high();
      notReachLevel[steps] = stairs.highest() + 1;
    }
    this.shift = shift;
    this.rule = rule;
    this.furthest = Math.max(Math.abs(raw.low()), Math.abs(raw.high()));
  }

  @Override
  public OptionalLong least(long from, long most) {
    long multiplier = from;
    while (multiplier <= most && inRange(multiplier)) {
      if (findTightest(multiplier)) {
        return OptionalLong.of(multiplier);
      }
      long run = mustNotReach[tightestUpper] - mustReach[tightestLower];
      if (run >= 0) {
        return OptionalLong.empty();
      }
      // m * run <= rise with run < 0: m >= rise / run, rounded up
      multiplier = -Math.floorDiv(rise(), -run);
    }
    return OptionalLong.empty();
  }

  /** The offset of least magnitude for a multiplier that fits. */
  long offset(long multiplier) {
    Interval offsets = offsets(multiplier);
    return Math.max(offsets.low(), Math.min(offsets.high(), 0));
  }

  /** Every offset for a multiplier that fits. */
  Interval offsets(long multiplier) {
    if (!findTightest(multiplier)) {
      throw new IllegalArgumentException("multiplier " + multiplier + " does not fit");
    }
    long least = mustReach.length == 0 ? -UNBOUNDED : lower(tightestLower, multiplier);
    long most = mustNotReach.length == 0 ? UNBOUNDED : upper(tightestUpper, multiplier);
    return new Interval(least, most);
  }

  /**
   * The offset that breaks the fewest bounds.
   *
   * @param offset of the linear form
   * @param raised raw sums that stay below the output that they must reach
   * @param lowered raw sums that reach an output that they must not
   */
  record Closest(long offset, List<Long> raised, List<Long> lowered) {}

  /** The closest linear form with this multiplier; empty if products could leave 63 bits. */
  Optional<Closest> closest(long multiplier) {
    if (!inRange(multiplier)) {
      return Optional.empty();
    }
    long[] least = new long[mustReach.length];
    long[] most = new long[mustNotReach.length];
    Arrays.setAll(least, i -> lower(i, multiplier));
    Arrays.setAll(most, i -> upper(i, multiplier));
    long offset = fewestBroken(least.clone(), most.clone());
    return Optional.of(
        new Closest(
            offset,
            IntStream.range(0, least.length)
                .filter(i -> least[i] > offset)
                .mapToObj(i -> mustReach[i])
                .toList(),
            IntStream.range(0, most.length)
                .filter(i -> most[i] < offset)
                .mapToObj(i -> mustNotReach[i])
                .toList()));
  }

  /** Walks the bounds upwards: a lower bound that is passed holds, an upper one breaks. */
  private static long fewestBroken(long[] least, long[] most) {
    Arrays.sort(least);
    Arrays.sort(most);
    long best = most.length > 0 ? most[0] : 0;
    int fewest = Integer.MAX_VALUE;
    int passed = 0;
    for (int i = 0; i < least.length; i++) {
      while (passed < most.length && most[passed] < least[i]) {
        passed++;
      }
      int broken = least.length - 1 - i + passed;
      if (broken < fewest) {
        fewest = broken;
        best = least[i];
      }
    }
    return best;
  }

  private boolean inRange(long multiplier) {
    return Math.multiplyHigh(multiplier, furthest) == 0 && multiplier * furthest < LIMIT;
  }

  /** Finds the tightest bounds for a multiplier; whether an offset lies between them. */
  private boolean findTightest(long multiplier) {
    long greatestLower = Long.MIN_VALUE;
    for (int i = 0; i < mustReach.length; i++) {
      long bound = lower(i, multiplier);
      if (bound > greatestLower) {
        greatestLower = bound;
        tightestLower = i;
      }
    }
    long leastUpper = Long.MAX_VALUE;
    for (int i = 0; i < mustNotReach.length; i++) {
      long bound = upper(i, multiplier);
      if (bound < leastUpper) {
        leastUpper = bound;
        tightestUpper = i;
      }
    }
    return greatestLower <= leastUpper;
  }

  private long lower(int i, long multiplier) {
    return edge(reachLevel[i]) - mustReach[i] * multiplier;
  }

  private long upper(int i, long multiplier) {
    return edge(notReachLevel[i]) - 1 - mustNotReach[i] * multiplier;
  }

  private long rise() {
    return edge(notReachLevel[tightestUpper]) - 1 - edge(reachLevel[tightestLower]);
  }

  /** Least value of {@code raw * m + b} whose output is at least {@code level}. */
  private long edge(int level) {
    return Ties.edge(level, shift, rule);
  }
}
