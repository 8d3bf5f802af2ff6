// SPDX-License-Identifier: Apache-2.0
package dev.etch.op.requantization;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.OperatorException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** TFLite's multiplier against its definition in decimal arithmetic. */
class QuantizedMultiplierTest {
  private static final BigDecimal TWO = BigDecimal.valueOf(2);
  private static final long SEED = 7;

  @Test
  void nearestNumbers() {
    assertEquals(QuantizedMultiplier.ONE, QuantizedMultiplier.of(1));
    assertEquals(new QuantizedMultiplier(1 << 30, 0), QuantizedMultiplier.of(0.5));
    assertEquals(new QuantizedMultiplier(1_610_612_736, 2), QuantizedMultiplier.of(3));
    assertEquals(new QuantizedMultiplier(0, 0), QuantizedMultiplier.of(0));
    assertEquals(new QuantizedMultiplier(0, 0), QuantizedMultiplier.of(1e-11));
    assertEquals(new QuantizedMultiplier(1 << 30, 1), QuantizedMultiplier.of(1 - 1e-12));
    assertThrows(OperatorException.class, () -> QuantizedMultiplier.of(-1));
    assertThrows(OperatorException.class, () -> QuantizedMultiplier.of(Double.NaN));
    assertThrows(OperatorException.class, () -> QuantizedMultiplier.of(1L << 31));
  }

  @Test
  void productsAreRoundedTwice() {
    // 3 * 0.5 is 1.5: the first rounding takes ties up, to 2 and to -1.
    assertEquals(2, QuantizedMultiplier.of(0.5).times(3));
    assertEquals(-1, QuantizedMultiplier.of(0.5).times(-3));
    // 6 * 0.25: exact 3, then halved by the second rounding, ties away from zero.
    assertEquals(2, QuantizedMultiplier.of(0.25).times(6));
    assertEquals(-2, QuantizedMultiplier.of(0.25).times(-6));
    // 1.25 rounds to 1.5 and that to 2: rounding once would give 1.
    assertEquals(2, QuantizedMultiplier.of(0.25).times(5));
  }

  @Test
  void equalsTheDefinition() {
    Random random = new Random(SEED);
    for (int i = 0; i < 20_000; i++) {
      QuantizedMultiplier multiplier =
          new QuantizedMultiplier(random.nextInt() >>> 1, random.nextInt(20) - 15);
      int value = random.nextInt() >> (8 + random.nextInt(23));
      assertEquals(
          definition(multiplier, value), multiplier.times(value), value + " " + multiplier);
    }
  }

  @Test
  void neverDecreases() {
    Random random = new Random(SEED);
    for (int i = 0; i < 200; i++) {
      QuantizedMultiplier multiplier =
          QuantizedMultiplier.of(Math.scalb(random.nextDouble(), random.nextInt(40) - 30));
      int previous = Integer.MIN_VALUE;
      for (long value = -3_000; value < 3_000; value++) {
        int product = multiplier.times(value * 1_000_003);
        assertTrue(previous <= product, multiplier + " at " + value);
        previous = product;
      }
    }
  }

  private static int definition(QuantizedMultiplier multiplier, int value) {
    BigDecimal shifted =
        BigDecimal.valueOf(
            Math.max(
                Integer.MIN_VALUE,
                Math.min(Integer.MAX_VALUE, (long) value << Math.max(0, multiplier.shift()))));
    BigDecimal product = shifted.multiply(BigDecimal.valueOf(multiplier.multiplier()));
    // Half up, towards plus infinity.
    BigDecimal high =
        product.divide(TWO.pow(31)).add(new BigDecimal("0.5")).setScale(0, RoundingMode.FLOOR);
    BigDecimal low =
        high.divide(TWO.pow(Math.max(0, -multiplier.shift()))).setScale(0, RoundingMode.HALF_UP);
    return low.intValueExact();
  }
}
