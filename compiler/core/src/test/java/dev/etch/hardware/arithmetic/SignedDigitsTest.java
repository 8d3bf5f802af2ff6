// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.arithmetic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SignedDigitsTest {
  @Test
  void digitsGiveTheValueAgain() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      BigInteger value =
          i < 1000
              ? BigInteger.valueOf(i - 500)
              : new BigInteger(1 + i % 62, random).multiply(BigInteger.valueOf(i % 3 - 1));
      int count = SignedDigits.radix4Count(List.of(value));
      List<Integer> digits = SignedDigits.radix4(value, count);
      assertTrue(digits.stream().allMatch(digit -> digit >= -1 && digit <= 2), value.toString());
      assertEquals(value, sum(digits));
      assertEquals(value, sum(SignedDigits.radix4(value, count + 1)));
      int booth = (value.bitLength() + 2) / 2;
      assertTrue(count <= (value.signum() < 0 ? booth + 1 : booth), value.toString());
      assertTrue(count == 0 || digits.get(count - 1) != 0);
    }
  }

  private static BigInteger sum(List<Integer> digits) {
    BigInteger value = BigInteger.ZERO;
    for (int i = digits.size() - 1; i >= 0; i--) {
      value = value.shiftLeft(2).add(BigInteger.valueOf(digits.get(i)));
    }
    return value;
  }

  @Test
  void aWordHoldsDigitsModuloFour() {
    assertEquals(BigInteger.valueOf(0b11_10_01_00), SignedDigits.encode(List.of(0, 1, 2, -1)));
    assertEquals(BigInteger.valueOf(1 << 6), SignedDigits.radix4Rest(List.of(0, 1, 2, -1)));
  }
}
