// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Recodings of constants that keep multiplications by them small. */
public final class SignedDigits {
  private SignedDigits() {}

  /**
   * A digit of 1 or -1.
   *
   * @param place power of two
   * @param negative whether it is -1
   */
  public record Digit(int place, boolean negative) {}

  /**
   * Canonical signed digits, lowest first. The fewest nonzero digits that any signed binary form
   * has (Reitwiesner 1960).
   */
  public static List<Digit> canonical(BigInteger value) {
    List<Digit> digits = new ArrayList<>();
    BigInteger rest = value;
    for (int place = 0; rest.signum() != 0; place++) {
      if (rest.testBit(0)) {
        boolean negative = rest.testBit(1);
        digits.add(new Digit(place, negative));
        rest = negative ? rest.add(BigInteger.ONE) : rest.subtract(BigInteger.ONE);
      }
      rest = rest.shiftRight(1);
    }
    return digits;
  }

  /**
   * What is missing to a product whose negative rows are inverted only: one at the place of each
   * negative canonical digit.
   */
  public static BigInteger canonicalRest(BigInteger value) {
    return canonical(value).stream()
        .filter(Digit::negative)
        .map(digit -> BigInteger.ONE.shiftLeft(digit.place()))
        .reduce(BigInteger.ZERO, BigInteger::add);
  }

  /**
   * Radix-4 digits of -2 to 2, lowest first, {@code count} of them (Booth's recoding as MacSorley
   * modified it): the value is the sum of digit(i) * 4^i.
   */
  public static List<Integer> radix4(BigInteger value, int count) {
    List<Integer> digits = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int below = i > 0 && value.testBit(2 * i - 1) ? 1 : 0;
      int low = value.testBit(2 * i) ? 1 : 0;
      int high = value.testBit(2 * i + 1) ? 1 : 0;
      digits.add(below + low - 2 * high);
    }
    return digits;
  }

  /** Radix-4 digits that any of {@code values} needs. */
  public static int radix4Count(List<BigInteger> values) {
    return values.stream().mapToInt(value -> (value.bitLength() + 2) / 2).max().orElseThrow();
  }

  /** The digits as a memory holds them: three bits each, (negative, double, any). */
  static BigInteger encode(List<Integer> radix4) {
    BigInteger word = BigInteger.ZERO;
    for (int i = 0; i < radix4.size(); i++) {
      int digit = radix4.get(i);
      int code = (digit < 0 ? 4 : 0) + (Math.abs(digit) == 2 ? 2 : 0) + (digit != 0 ? 1 : 0);
      word = word.or(BigInteger.valueOf(code).shiftLeft(3 * i));
    }
    return word;
  }

  /** As {@link #canonicalRest}, for radix-4 digits. */
  static BigInteger radix4Rest(List<Integer> radix4) {
    BigInteger rest = BigInteger.ZERO;
    for (int i = 0; i < radix4.size(); i++) {
      rest = radix4.get(i) < 0 ? rest.setBit(2 * i) : rest;
    }
    return rest;
  }
}
