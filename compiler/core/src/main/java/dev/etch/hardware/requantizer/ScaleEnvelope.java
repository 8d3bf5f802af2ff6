// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.requantizer;

import java.util.List;

/**
 * What the numbers of a requantizer that the host may load have in common.
 *
 * @param shift of the product
 * @param digits radix-4 digits of a multiplier: it is less than {@code 2^(2 * digits - 1)}
 * @param biasBits of a bias, signed
 * @param low smallest output
 * @param high largest output
 */
public record ScaleEnvelope(int shift, int digits, int biasBits, int low, int high) {
  /** Digits that multipliers of so many bits take. */
  public static int digits(int bits) {
    return (bits + 2) / 2;
  }

  /** Bits of a multiplier at most. */
  public int multiplierBits() {
    return 2 * digits - 1;
  }

  /** Bits of the magnitude of a tie that is not limited anyway, wherever zero is. */
  public int magnitudeBits() {
    return Long.SIZE - Long.numberOfLeadingZeros((long) high - low + 1);
  }

  /** Whether numbers can be loaded. */
  boolean holds(List<Long> biases, List<Long> multipliers, int zeroPoint) {
    long most = 1L << biasBits - 1;
    return zeroPoint >= low
        && zeroPoint <= high
        && biases.stream().allMatch(bias -> bias >= -most && bias < most)
        && multipliers.stream().allMatch(m -> m > 0 && m < 1L << multiplierBits());
  }
}
