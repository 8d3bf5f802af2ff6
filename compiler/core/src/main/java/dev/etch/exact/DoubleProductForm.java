// SPDX-License-Identifier: Apache-2.0
package dev.etch.exact;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.hardware.requantizer.BiasedScale;
import dev.etch.hardware.requantizer.Requantizer;
import dev.etch.op.requantization.DoubleProduct;
import dev.etch.op.requantization.Requantization;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The hardware form of {@link DoubleProduct}s with too many steps for the search of {@link
 * RequantizerFitter}. Such a staircase is odd around its zero, so that only its steps above zero
 * are looked at: at step k, the least number whose product rounds to k, the slope must be at least
 * (k - 1/2) / number, and one before it less than (k - 1/2) / (number - 1). Between the largest of
 * the former and the smallest of the latter every slope is exact; the form takes the one with the
 * shortest multiplier.
 */
final class DoubleProductForm {
  /** Products of a number and twice a level stay below 2^63, so that fractions compare exactly. */
  private static final long MOST_NUMBER = 1L << 44;

  private static final int MOST_MULTIPLIER_BITS = 60;
  private static final int MOST_SHIFT = 62;

  private DoubleProductForm() {}

  /** The form of channels that are all of this kind, without zero point and with one clamp. */
  static Optional<Requantizer> of(List<ChannelProblem> problems) {
    List<Slope> slopes = new ArrayList<>();
    List<Long> biases = new ArrayList<>();
    Requantization first = problems.get(0).staircase();
    for (ChannelProblem problem : problems) {
      Optional<Slope> slope = slope(problem, first);
      if (slope.isEmpty()) {
        return Optional.empty();
      }
      slopes.add(slope.get());
      biases.add(problem.constant() - problem.staircase().zero());
    }
    Optional<Requantizer> form = form(slopes, biases, first);
    form.ifPresent(found -> check(problems, found));
    return form;
  }

  private static Optional<Slope> slope(ChannelProblem problem, Requantization first) {
    return problem.staircase() instanceof DoubleProduct product
            && product.zeroPoint() == 0
            && product.low() == first.low()
            && product.high() == first.high()
        ? Slope.of(product, furthest(problem))
        : Optional.empty();
  }

  /** The largest magnitude of what is multiplied. */
  private static long furthest(ChannelProblem problem) {
    long bias = problem.constant() - problem.staircase().zero();
    return Math.max(Math.abs(problem.raw().low() + bias), Math.abs(problem.raw().high() + bias));
  }

  private static Optional<Requantizer> form(
      List<Slope> slopes, List<Long> biases, Requantization first) {
    int shift = 1;
    for (Slope slope : slopes) {
      while (shift <= MOST_SHIFT && !slope.hasMultiplier(shift)) {
        shift++;
      }
    }
    if (shift > MOST_SHIFT) {
      return Optional.empty();
    }
    List<Long> multipliers = new ArrayList<>();
    for (Slope slope : slopes) {
      BigInteger multiplier = slope.multiplier(shift);
      if (multiplier.bitLength() > MOST_MULTIPLIER_BITS) {
        return Optional.empty();
      }
      multipliers.add(multiplier.longValueExact());
    }
    return Optional.of(
        new BiasedScale(
            RequantizerFitter.shared(biases),
            RequantizerFitter.shared(multipliers),
            shift,
            first.low(),
            first.high()));
  }

  /** The numbers around zero, around every step, and both ends; the slopes prove the rest. */
  private static void check(List<ChannelProblem> problems, Requantizer form) {
    for (int c = 0; c < problems.size(); c++) {
      ChannelProblem problem = problems.get(c);
      long zero = problem.staircase().zero() - problem.constant();
      for (long place :
          List.of(problem.raw().low(), problem.raw().high(), zero - 1, zero, zero + 1)) {
        if (problem.raw().contains(place) && form.apply(c, place) != problem.apply(place)) {
          throw new CompilerBug("a slope differs from its definition at " + place);
        }
      }
    }
  }

  /**
   * The slopes that are exact: at least one fraction, less than another.
   *
   * @param leastTop numerator of the least slope, in halves
   * @param leastBottom its denominator
   * @param limitTop numerator of the limit, in halves; 0 if there is none
   * @param limitBottom its denominator
   */
  private record Slope(long leastTop, long leastBottom, long limitTop, long limitBottom) {

    /** The slopes that give {@code product} for numbers up to {@code furthest}. */
    static Optional<Slope> of(DoubleProduct product, long furthest) {
      int levels = Math.max(-product.low(), product.high());
      if (furthest >= MOST_NUMBER) {
        return Optional.empty();
      }
      DoubleProduct unbiased = new DoubleProduct(0, product.scale(), 0, 0, levels);
      Slope slope = new Slope(0, 1, 0, 1);
      for (int level = 1; level <= levels; level++) {
        long step = step(unbiased, level);
        if (step > furthest) {
          return Optional.of(slope.below(level, furthest));
        }
        slope = slope.atLeast(level, step).below(level, step - 1);
      }
      return Optional.of(slope);
    }

    /** The least number that is rounded to {@code level} or more. */
    private static long step(DoubleProduct unbiased, int level) {
      long step = Math.max(1, (long) Math.ceil((level - 0.5) / unbiased.scale()));
      while (step > 1 && unbiased.apply(step - 1) >= level) {
        step--;
      }
      while (unbiased.apply(step) < level) {
        step++;
      }
      return step;
    }

    private Slope atLeast(int level, long number) {
      long top = 2L * level - 1;
      return top * leastBottom > leastTop * number
          ? new Slope(top, number, limitTop, limitBottom)
          : this;
    }

    private Slope below(int level, long number) {
      long top = 2L * level - 1;
      boolean isTighter = number > 0 && (limitTop == 0 || top * limitBottom < limitTop * number);
      return isTighter ? new Slope(leastTop, leastBottom, top, number) : this;
    }

    /** Whether the least multiplier for a shift is below the limit. */
    boolean hasMultiplier(int shift) {
      // multiplier / 2^shift < limitTop / 2 / limitBottom
      BigInteger limit = BigInteger.valueOf(limitTop).shiftLeft(shift - 1);
      return limitTop == 0
          || multiplier(shift).multiply(BigInteger.valueOf(limitBottom)).compareTo(limit) < 0;
    }

    /** The least multiplier for a shift. */
    BigInteger multiplier(int shift) {
      BigInteger bottom = BigInteger.valueOf(leastBottom);
      return BigInteger.valueOf(leastTop)
          .shiftLeft(shift - 1)
          .add(bottom)
          .subtract(BigInteger.ONE)
          .divide(bottom);
    }
  }
}
