// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.requantizer;

import java.util.List;
import java.util.Objects;

/**
 * TFLite's products with numbers that the host loads: {@code clamp(round((accumulator + bias) *
 * multiplier / 2^shift) + zeroPoint, low, high)}. A product of fixed point is rounded twice: to a
 * multiple of {@code 2^(shift - places)}, halves up, and then to an integer, halves away from zero.
 * One without places is rounded once, halves up.
 *
 * <p>Both roundings are one addition and a condition. With h half a unit of the first rounding, 0
 * if there is no second, the product and h and half a unit of the result have the rounded number
 * above {@code shift} bits; it is one less where the product and h are below zero and the {@code
 * places} bits below it are all 0. Source: gemmlowp's {@code SaturatingRoundingDoublingHighMul} and
 * {@code RoundingDivideByPOT}, whose floors of floors are one.
 *
 * @param biases added to the accumulator; one a channel, or one for all
 * @param multipliers at least 1; likewise
 * @param places of the second rounding, from 0 to {@link #mostPlaces}; likewise
 * @param zeroPoint added to the rounded product
 * @param envelope what all numbers that may be loaded have in common; its shift is at most {@link
 *     #MOST_SHIFT}
 */
public record LoadedFixedPoint(
    List<Long> biases,
    List<Long> multipliers,
    List<Integer> places,
    int zeroPoint,
    ScaleEnvelope envelope)
    implements Requantizer {
  /** Places of the first rounding: a multiplier's, with that of the doubled product. */
  public static final int FIRST_PLACES = 31;

  /** Of the envelope, so that what is added to a product is a long. */
  public static final int MOST_SHIFT = 62;

  public LoadedFixedPoint {
    biases = List.copyOf(biases);
    multipliers = List.copyOf(multipliers);
    places = List.copyOf(places);
    Objects.requireNonNull(envelope);
    int most = mostPlaces(envelope);
    if (most < 1
        || envelope.shift() > MOST_SHIFT
        || !envelope.holds(biases, multipliers, zeroPoint)
        || !places.stream().allMatch(p -> p >= 0 && p <= most)) {
      throw new IllegalArgumentException("numbers that are not within " + envelope);
    }
  }

  /** Places of the second rounding at most. */
  public static int mostPlaces(ScaleEnvelope envelope) {
    return envelope.shift() - FIRST_PLACES;
  }

  @Override
  public long apply(int channel, long accumulator) {
    int shift = envelope.shift();
    int second = PerChannel.of(places, channel);
    long half = second == 0 ? 0 : 1L << shift - 1 - second;
    long operand = accumulator + PerChannel.of(biases, channel);
    long multiplier = PerChannel.of(multipliers, channel);
    // A product takes up to 128 bits.
    long high = Math.multiplyHigh(operand, multiplier);
    long low = operand * multiplier;
    long sum = low + half + (1L << shift - 1);
    long above = high + carry(low, sum);
    boolean isNegative = high + carry(low, low + half) < 0;
    boolean zeros = (sum >>> shift - second & (1L << second) - 1) == 0;
    long rounded = above << Long.SIZE - shift | sum >>> shift;
    long result = rounded - (second > 0 && isNegative && zeros ? 1 : 0) + zeroPoint;
    return Math.max(envelope.low(), Math.min(envelope.high(), result));
  }

  /** What a sum of unsigned numbers is above 64 bits. */
  private static long carry(long before, long sum) {
    return Long.compareUnsigned(sum, before) < 0 ? 1 : 0;
  }

  @Override
  public boolean loads() {
    return true;
  }

  @Override
  public Requantizer repeated(int times) {
    return new LoadedFixedPoint(
        PerChannel.repeat(biases, times),
        PerChannel.repeat(multipliers, times),
        PerChannel.repeat(places, times),
        zeroPoint,
        envelope);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.loadedFixedPoint(this);
  }
}
