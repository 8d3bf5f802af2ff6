// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import dev.etch.op.Requantization;

/** A requantization of integers that are held in float32, in place. */
@FunctionalInterface
interface FloatStaircase {
  /** Requantizes {@code values[begin]} to {@code values[end - 1]}. */
  void apply(float[] values, int begin, int end);

  /** The staircase, for accumulators of magnitude at most {@link Planes#EXACT}. */
  static FloatStaircase of(Requantization requantization) {
    if (requantization instanceof Requantization.ScaleThenRound rounding
        && Rounding.isExact(Planes.EXACT * (double) rounding.scale())) {
      return rounded(rounding);
    }
    return (values, begin, end) -> {
      for (int i = begin; i < end; i++) {
        values[i] = requantization.apply((long) values[i]);
      }
    };
  }

  /** The same float32 product as the definition's, rounded and clamped by {@link Rounding}. */
  private static FloatStaircase rounded(Requantization.ScaleThenRound rounding) {
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
