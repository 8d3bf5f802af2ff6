// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.arithmetic;

import java.math.BigInteger;
import java.util.List;

/** How many bits numbers take. */
public final class Bits {
  private Bits() {}

  /** Bits that tell so many things apart. */
  public static int choosing(int things) {
    return things <= 1 ? 0 : Integer.SIZE - Integer.numberOfLeadingZeros(things - 1);
  }

  /** Bits of two's-complement numbers that hold both ends. */
  public static int signed(BigInteger low, BigInteger high) {
    return Math.max(low.bitLength(), high.bitLength()) + 1;
  }

  /** Bits of two's-complement numbers that hold all values. */
  public static int signed(List<BigInteger> values) {
    return values.stream().mapToInt(BigInteger::bitLength).max().orElseThrow() + 1;
  }

  /** Zeros that all values but 0 end in, at most {@code most}. */
  public static int commonZeros(List<BigInteger> values, int most) {
    return values.stream()
        .filter(value -> value.signum() != 0)
        .mapToInt(BigInteger::getLowestSetBit)
        .reduce(most, Math::min);
  }

  /** Bits of two's-complement numbers that hold all values. */
  public static int signed(long[] values) {
    int bits = 1;
    for (long value : values) {
      bits = Math.max(bits, 65 - Long.numberOfLeadingZeros(value < 0 ? ~value : value));
    }
    return bits;
  }
}
