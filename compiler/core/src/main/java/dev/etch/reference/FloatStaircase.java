// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import dev.etch.op.requantization.FixedPoint;
import dev.etch.op.requantization.Requantization;
import dev.etch.op.requantization.ScaleThenRound;
import java.util.Optional;

/** A requantization of integers that are held in float32, in place. */
@FunctionalInterface
interface FloatStaircase {
  /** Requantizes {@code values[begin]} to {@code values[end - 1]}. */
  void apply(float[] values, int begin, int end);

  /** The staircase, for accumulators of magnitude at most {@code bound}. */
  static FloatStaircase of(Requantization requantization, long bound, Optional<Vectors> vectors) {
    if (requantization instanceof ScaleThenRound rounding
        && Rounding.isExact(bound * (double) rounding.scale())) {
      return vectors.map(v -> v.rounded(rounding)).orElseGet(() -> rounded(rounding));
    }
    if (requantization instanceof FixedPoint fixed
        && vectors.isPresent()
        && isWithinFixedPoint(fixed, bound)) {
      return vectors.get().fixedPoint(fixed);
    }
    return scalar(requantization);
  }

  /** Whether {@link Vectors#fixedPoint} holds for values up to {@code bound}, of either sign. */
  private static boolean isWithinFixedPoint(FixedPoint staircase, long bound) {
    long largest = Vectors.LARGEST_FIXED_POINT;
    return staircase.inputZeroPoint() == 0
        && staircase.multiplier().shift() <= 0
        && (bound <= largest
            || (staircase.apply(largest) == staircase.apply(bound)
                && staircase.apply(-largest) == staircase.apply(-bound)));
  }

  private static FloatStaircase scalar(Requantization requantization) {
    return (values, begin, end) -> {
      for (int i = begin; i < end; i++) {
        values[i] = requantization.apply((long) values[i]);
      }
    };
  }

  /** The same float32 product as the definition's, rounded and clamped by {@link Rounding}. */
  private static FloatStaircase rounded(ScaleThenRound rounding) {
    float scale = rounding.scale();
    float zeroPoint = rounding.zeroPoint();
    float low = rounding.low() - zeroPoint;
    float span = rounding.high() - rounding.low();
    float high = rounding.high();
    return (values, begin, end) -> {
      for (int i = begin; i < end; i++) {
        values[i] = high - Rounding.below(values[i] * scale, low, span);
      }
    };
  }
}
