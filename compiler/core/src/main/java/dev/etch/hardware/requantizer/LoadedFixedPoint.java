// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.requantizer;

import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * TFLite's product of fixed point, with numbers that the host loads: {@code
 * clamp(round((accumulator + bias) * multiplier / 2^(31 + places)) + zeroPoint, low, high)}, where
 * the product is rounded twice: by {@link #FIRST_PLACES}, halves up, and then by the others, halves
 * away from zero.
 *
 * <p>Both roundings are one addition and a condition. With h half a unit of the first rounding, 0
 * if there is no second, the product and h and half a unit of the result have the rounded number
 * above all places; it is one less where the product and h are below zero and the bits of the
 * second rounding are all 0. The hardware has all products {@linkplain #aligned aligned}, so that
 * results begin at the envelope's shift. Source: gemmlowp's {@code
 * SaturatingRoundingDoublingHighMul} and {@code RoundingDivideByPOT}, whose floors of floors are
 * one.
 *
 * @param biases added to the accumulator; one a channel, or one for all
 * @param multipliers at least 1; likewise
 * @param places of the second rounding, from 0 to {@link #mostPlaces}; likewise
 * @param zeroPoint added to the rounded product
 * @param envelope what all numbers that may be loaded have in common
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

  public LoadedFixedPoint {
    biases = List.copyOf(biases);
    multipliers = List.copyOf(multipliers);
    places = List.copyOf(places);
    Objects.requireNonNull(envelope);
    int most = mostPlaces(envelope);
    if (most < 1
        || !places.stream().allMatch(p -> p >= 0 && p <= most)
        || !envelope.holds(biases, aligned(multipliers, places, most), zeroPoint)) {
      throw new IllegalArgumentException("numbers that are not within " + envelope);
    }
  }

  /** Places of the second rounding at most. */
  public static int mostPlaces(ScaleEnvelope envelope) {
    return envelope.shift() - FIRST_PLACES;
  }

  /** The multipliers of products whose results begin at the envelope's shift; one a channel. */
  List<Long> aligned() {
    return aligned(multipliers, places, mostPlaces(envelope));
  }

  private static List<Long> aligned(List<Long> multipliers, List<Integer> places, int most) {
    return IntStream.range(0, Math.max(multipliers.size(), places.size()))
        .mapToObj(c -> PerChannel.of(multipliers, c) << most - PerChannel.of(places, c))
        .toList();
  }

  @Override
  public long apply(int channel, long accumulator) {
    int second = PerChannel.of(places, channel);
    int shift = FIRST_PLACES + second;
    long half = second == 0 ? 0 : 1L << FIRST_PLACES - 1;
    long product =
        (accumulator + PerChannel.of(biases, channel)) * PerChannel.of(multipliers, channel);
    long sum = product + half + (1L << shift - 1);
    boolean zeros = (sum >> FIRST_PLACES & (1L << second) - 1) == 0;
    long rounded = (sum >> shift) - (second > 0 && product + half < 0 && zeros ? 1 : 0);
    return Math.max(envelope.low(), Math.min(envelope.high(), rounded + zeroPoint));
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
