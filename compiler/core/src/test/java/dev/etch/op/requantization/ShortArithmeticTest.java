// SPDX-License-Identifier: Apache-2.0
package dev.etch.op.requantization;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The 16-bit operations against what they are called, in real numbers. */
class ShortArithmeticTest {
  private static final int[] ENDS = {-32768, -32767, -16385, -16384, -1, 0, 1, 16383, 16384, 32767};

  @Test
  void productsAreTheNearest() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 100_000; i++) {
      product(random.nextInt(-32768, 32768), random.nextInt(-32768, 32768));
    }
    for (int a : ENDS) {
      for (int b : ENDS) {
        product(a, b);
      }
    }
  }

  private static void product(int a, int b) {
    // Ties go up: floor(x + 1/2).
    double nearest = Math.floor((double) a * b / 32768 + 0.5);
    assertEquals(Math.min(32767, nearest), ShortArithmetic.doublingHighMultiply(a, b));
  }

  @Test
  void shiftsSaturate() {
    assertEquals(32767, ShortArithmetic.multiplyByPowerOfTwo(8192, 2));
    assertEquals(8191 * 4, ShortArithmetic.multiplyByPowerOfTwo(8191, 2));
    assertEquals(-8191 * 4, ShortArithmetic.multiplyByPowerOfTwo(-8191, 2));
    assertEquals(-32768, ShortArithmetic.multiplyByPowerOfTwo(-8192, 2));
    assertEquals(-32768, ShortArithmetic.multiplyByPowerOfTwo(-9000, 2));
    assertEquals(-5, ShortArithmetic.multiplyByPowerOfTwo(-5, 0));
  }

  @Test
  void saturation() {
    assertEquals(32767, ShortArithmetic.saturate(32768));
    assertEquals(-32768, ShortArithmetic.saturate(Long.MIN_VALUE));
    assertEquals(-7, ShortArithmetic.saturate(-7));
  }
}
