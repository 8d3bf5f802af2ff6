// SPDX-License-Identifier: Apache-2.0
package dev.etch.op.requantization;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Lines against the roundings that they stand for. */
class LinesTest {
  private static final int SAMPLES = 2000;

  @Property(tries = 200)
  void productsRoundTwice(
      @ForAll @IntRange(min = 1 << 29) int multiplier,
      @ForAll @IntRange(min = -20, max = 6) int shift,
      @ForAll @IntRange(min = 0, max = 8) int headroom,
      @ForAll @IntRange(min = -128, max = 127) int zero,
      @ForAll @IntRange(min = -128, max = 255) int zeroPoint) {
    QuantizedMultiplier factor = new QuantizedMultiplier(multiplier, shift);
    int reach = 1 << 15;
    Lines lines = Lines.ofProduct(factor, headroom, zero, zeroPoint, -reach, reach).orElseThrow();
    assertTrue(lines.spareBits() >= 0);
    Lines shorter = lines.shiftedBy(-lines.spareBits());
    Random random = new Random(multiplier);
    for (int i = 0; i < SAMPLES; i++) {
      long x = i < 200 ? zero + i - 100 : random.nextInt(2 * reach) - reach;
      long expected = factor.times((x - zero) << headroom) + (long) zeroPoint;
      assertEquals(expected, lines.apply(x));
      assertEquals(expected, shorter.apply(x));
    }
  }

  @Test
  void productsThatSaturateAreNoLines() {
    QuantizedMultiplier eight = QuantizedMultiplier.of(8);
    assertTrue(Lines.ofProduct(eight, 0, 0, 0, -(1 << 28), 1 << 28).isEmpty());
    assertTrue(Lines.ofProduct(eight, 0, 0, 0, -(1 << 26), 1 << 26).isPresent());
  }

  @Property(tries = 200)
  void quotientsRoundHalfAwayFromZero(
      @ForAll @IntRange(min = 1, max = 3000) int divisor,
      @ForAll @IntRange(min = 1, max = 1 << 28) int reach) {
    Requantization quotient = new RoundedQuotient(divisor, Integer.MIN_VALUE, Integer.MAX_VALUE);
    Lines lines = quotient.lines(-reach, reach).orElseThrow();
    Random random = new Random(divisor);
    for (int i = 0; i < SAMPLES; i++) {
      int x = random.nextInt(2 * reach) - reach;
      int tie = x / divisor * divisor + divisor / 2;
      for (int near : new int[] {x, tie - 1, tie, tie + 1, -tie, -tie - 1, -tie + 1}) {
        if (Math.abs((long) near) <= reach) {
          assertEquals(quotient.apply(near), lines.apply(near), () -> near + " / " + divisor);
        }
      }
    }
  }

  @Property(tries = 200)
  void sumsRoundOnce(
      @ForAll long bias,
      @ForAll @IntRange(min = 0, max = Short.MAX_VALUE) int multiplier,
      @ForAll @IntRange(min = 20, max = 40) int shift) {
    Requantization staircase =
        new ShortFixedPoint(bias >> 17, multiplier, shift, 0, Integer.MIN_VALUE, Integer.MAX_VALUE);
    Lines lines = staircase.lines(Integer.MIN_VALUE, Integer.MAX_VALUE).orElseThrow();
    Random random = new Random(shift);
    for (int i = 0; i < SAMPLES; i++) {
      int x = random.nextInt();
      long clamped = Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, lines.apply(x)));
      assertEquals(staircase.apply(x), clamped);
    }
  }
}
