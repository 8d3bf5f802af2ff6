// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.requantizer;

import java.util.List;

/**
 * {@code clamp(roundHalfEven(float32(accumulator + bias) * scale) + zeroPoint, low, high)}, where
 * the product is rounded to float32 before it is rounded to an integer, in integer arithmetic: the
 * exact product is {@code (accumulator + bias) * multiplier / 2^shift}, and only where it is next
 * to a tie does the first rounding matter. With n the integer part of the tie's magnitude, a
 * float32 keeps {@link #SIGNIFICANT_BITS} bits from the highest of n on; if those behind the half
 * say that the product is within half a unit in the last place of the tie, it becomes the tie, and
 * goes to the even side.
 *
 * <p>A product that is exactly half such a unit above a tie counts as one that is above it, for
 * what float32 makes of it takes all lower bits to know; whoever chooses this form proves that
 * there is none.
 *
 * @param biases added to the accumulator, which makes at most {@code 2^24} in magnitude; one a
 *     channel, or one for all
 * @param multipliers at least 1; likewise
 * @param shift from {@link #LEAST_SHIFT} to {@link #MOST_SHIFT}
 * @param zeroPoint added to the rounded product
 */
public record FloatScale(
    List<Long> biases, List<Long> multipliers, int shift, int zeroPoint, int low, int high)
    implements Requantizer {
  /** Of a float32, with the one in front. */
  public static final int SIGNIFICANT_BITS = 24;

  /** So that all significant bits of a product below one stand behind the point. */
  public static final int LEAST_SHIFT = SIGNIFICANT_BITS + 1;

  /** So that products are longs. */
  public static final int MOST_SHIFT = 62;

  public FloatScale {
    biases = List.copyOf(biases);
    multipliers = List.copyOf(multipliers);
    if (shift < LEAST_SHIFT || shift > MOST_SHIFT) {
      throw new IllegalArgumentException("shift " + shift);
    }
  }

  @Override
  public long apply(int channel, long accumulator) {
    long product =
        (accumulator + PerChannel.of(biases, channel)) * PerChannel.of(multipliers, channel);
    long below = product >> shift;
    boolean reachesHalf = (product >> shift - 1 & 1) == 1;
    boolean up = isNearTie(product, below, reachesHalf) ? (below & 1) == 1 : reachesHalf;
    return Math.max(low, Math.min(high, below + zeroPoint + (up ? 1 : 0)));
  }

  /**
   * Whether the bits behind the half are all 0, or all 1 below it, as far as a float32 has them.
   */
  private boolean isNearTie(long product, long below, boolean reachesHalf) {
    int bits = bitsBehindHalf(Long.SIZE - Long.numberOfLeadingZeros(below < 0 ? ~below : below));
    long mask = (1L << bits) - 1;
    long behind = product >> shift - 1 - bits & mask;
    return behind == (reachesHalf ? 0 : mask);
  }

  /**
   * The bits behind the half that say whether a product becomes the tie.
   *
   * @param bits of the integer part of the tie's magnitude
   */
  public static int bitsBehindHalf(int bits) {
    return Math.max(0, SIGNIFICANT_BITS - bits);
  }

  /** Bits of the largest magnitude of a tie that is not limited anyway. */
  public int magnitudeBits() {
    long most = Math.max(Math.abs((long) low - zeroPoint), Math.abs((long) high - zeroPoint)) + 1;
    return Long.SIZE - Long.numberOfLeadingZeros(most);
  }

  @Override
  public Requantizer repeated(int times) {
    return new FloatScale(
        PerChannel.repeat(biases, times),
        PerChannel.repeat(multipliers, times),
        shift,
        zeroPoint,
        low,
        high);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.floatScale(this);
  }
}
