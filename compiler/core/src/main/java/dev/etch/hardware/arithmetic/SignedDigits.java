// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.arithmetic;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Recodings of constants that keep multiplications by them small. */
public final class SignedDigits {
  /** Of the code of a radix-4 digit. */
  public static final int CODE_BITS = 2;

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
   * Radix-4 digits of -1 to 2, lowest first, {@code count} of them: the value is the sum of
   * digit(i) * 4^i. A digit is one of four, so that two bits name it and a look-up table of four
   * inputs takes a multiple of the operand; the digits of Booth's recoding, of which there are
   * five, can be found without a carry, which constants do not need (B. Parhami, Generalized
   * Signed-Digit Number Systems, IEEE Transactions on Computers 39, 1990).
   *
   * @param count at least {@link #radix4Count}
   */
  public static List<Integer> radix4(BigInteger value, int count) {
    List<Integer> digits = new ArrayList<>();
    BigInteger rest = value;
    for (int i = 0; i < count; i++) {
      int digit = lowestDigit(rest);
      digits.add(digit);
      rest = rest.subtract(BigInteger.valueOf(digit)).shiftRight(2);
    }
    return digits;
  }

  private static int lowestDigit(BigInteger value) {
    int code = (value.testBit(1) ? 2 : 0) + (value.testBit(0) ? 1 : 0);
    return code == 3 ? -1 : code;
  }

  /** Radix-4 digits that any of {@code values} needs. */
  public static int radix4Count(Collection<BigInteger> values) {
    int count = 0;
    for (BigInteger value : values) {
      int digits = 0;
      for (BigInteger rest = value; rest.signum() != 0; digits++) {
        rest = rest.subtract(BigInteger.valueOf(lowestDigit(rest))).shiftRight(2);
      }
      count = Math.max(count, digits);
    }
    return count;
  }

  /** A radix-4 digit as a memory holds it: modulo four, in two bits. */
  public static int code(int radix4) {
    return radix4 & 3;
  }

  /** The digits as a memory holds them, the lowest in the lowest bits. */
  public static BigInteger encode(List<Integer> radix4) {
    BigInteger word = BigInteger.ZERO;
    for (int i = 0; i < radix4.size(); i++) {
      word = word.or(BigInteger.valueOf(code(radix4.get(i))).shiftLeft(CODE_BITS * i));
    }
    return word;
  }

  /** As {@link #canonicalRest}, for radix-4 digits. */
  public static BigInteger radix4Rest(List<Integer> radix4) {
    BigInteger rest = BigInteger.ZERO;
    for (int i = 0; i < radix4.size(); i++) {
      rest = radix4.get(i) < 0 ? rest.setBit(2 * i) : rest;
    }
    return rest;
  }
}
