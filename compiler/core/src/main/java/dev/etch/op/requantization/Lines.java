// SPDX-License-Identifier: Apache-2.0
package dev.etch.op.requantization;

import java.util.Optional;

/**
 * {@code (x * multiplier + offset + (x < pivot ? below : 0)) >> shift}: what the roundings of a
 * product amount to. Rounding to nearest is a line whose offset is half a step, whichever way ties
 * go; rounding twice is one line too, since {@code floor(floor(a) / n) = floor(a / n)}; and
 * rounding ties away from zero is two lines that meet at zero.
 *
 * @param multiplier at least 0
 * @param offset added to the product
 * @param pivot where the second line ends
 * @param below what the second line's offset is more; at most 0
 * @param shift from 0 to 62
 */
public record Lines(long multiplier, long offset, long pivot, long below, int shift) {
  /** Numbers beyond this are not worth a hardware form, and their sums could leave 63 bits. */
  private static final int MOST_BITS = 60;

  private static final int MULTIPLIER_BITS = 31;

  public Lines {
    if (multiplier < 0 || below > 0 || shift < 0 || shift > 62) {
      throw new IllegalArgumentException(multiplier + ", " + below + ", " + shift);
    }
  }

  /**
   * {@code factor.times((x - zero) << headroom) + zeroPoint} for x from {@code least} to {@code
   * most}; empty if that saturates.
   */
  static Optional<Lines> ofProduct(
      QuantizedMultiplier factor, int headroom, long zero, int zeroPoint, long least, long most) {
    int left = headroom + Math.max(0, factor.shift());
    int right = Math.max(0, -factor.shift());
    int shift = MULTIPLIER_BITS + right;
    long furthest = Math.max(Math.abs(least - zero), Math.abs(most - zero));
    boolean saturates = bits(furthest) + left > MULTIPLIER_BITS;
    if (saturates || left + MULTIPLIER_BITS > MOST_BITS || !fits(zeroPoint, shift)) {
      return Optional.empty();
    }
    long multiplier = (long) factor.multiplier() << left;
    if (bits(multiplier) + bits(Math.abs(zero)) > MOST_BITS) {
      return Optional.empty();
    }
    // The first rounding sends ties up, the second away from zero: one unit of what it rounds.
    long half = 1L << (MULTIPLIER_BITS - 1);
    long secondHalf = right == 0 ? 0 : half << right;
    long below = right == 0 ? 0 : -(1L << MULTIPLIER_BITS);
    long offset = half + secondHalf + ((long) zeroPoint << shift) - zero * multiplier;
    return Optional.of(new Lines(multiplier, offset, zero, below, shift));
  }

  /**
   * {@code (x + sign(x) * divisor / 2) / divisor}, cut off, for x from {@code least} to {@code
   * most}. The multiplier is the nearest to the divisor's reciprocal, and half of it is added: that
   * is exact as long as the multiplier's error times x stays below half a step.
   */
  static Optional<Lines> ofQuotient(int divisor, long least, long most) {
    int half = divisor / 2;
    long furthest = Math.max(Math.abs(least), Math.abs(most)) + divisor;
    for (int shift = 1; shift + bits(furthest) <= MOST_BITS + bits(divisor); shift++) {
      long multiplier = ((1L << shift) + half) / divisor;
      long error = Math.abs(multiplier * divisor - (1L << shift));
      if (bits(furthest) + bits(multiplier) > MOST_BITS) {
        return Optional.empty();
      }
      if (multiplier > 0 && furthest * error < 1L << (shift - 1)) {
        long below = (divisor - 1 - 2 * half) * multiplier;
        return Optional.of(
            new Lines(multiplier, half * multiplier + multiplier / 2, 0, below, shift));
      }
    }
    return Optional.empty();
  }

  /** {@code ((x + bias) * multiplier + 2^(shift - 1) >> shift) + zeroPoint}. */
  static Optional<Lines> ofSum(long bias, int multiplier, int shift, int zeroPoint) {
    boolean overflows = bits(Math.abs(bias)) + bits(multiplier) >= Long.SIZE - 1;
    if (overflows || !fits(zeroPoint, shift)) {
      return Optional.empty();
    }
    long offset = bias * multiplier + (1L << (shift - 1)) + ((long) zeroPoint << shift);
    return Optional.of(new Lines(multiplier, offset, 0, 0, shift));
  }

  /**
   * The same values with {@code bits} more of shift, or fewer: by no more than the shift has, and
   * than the multiplier has zeros at its end.
   */
  public Lines shiftedBy(int bits) {
    if (bits >= 0) {
      return new Lines(multiplier << bits, offset << bits, pivot, below << bits, shift + bits);
    }
    // The product ends in as many zeros: what the offset has there makes no difference.
    long shorter = offset >> -bits;
    long lower = ((offset + below) >> -bits) - shorter;
    return new Lines(multiplier >> -bits, shorter, pivot, lower, shift + bits);
  }

  /** By how many bits the shift can be shortened. */
  public int spareBits() {
    return Math.min(shift, Long.numberOfTrailingZeros(multiplier));
  }

  /** The value at x, which must be in the range that the lines were made for. */
  public long apply(long x) {
    return (x * multiplier + offset + (x < pivot ? below : 0)) >> shift;
  }

  private static boolean fits(int zeroPoint, int shift) {
    return zeroPoint == 0 || bits(Math.abs((long) zeroPoint)) + shift <= MOST_BITS;
  }

  private static int bits(long magnitude) {
    return Long.SIZE - Long.numberOfLeadingZeros(magnitude);
  }
}
