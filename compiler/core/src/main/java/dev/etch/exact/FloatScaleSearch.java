// SPDX-License-Identifier: Apache-2.0
package dev.etch.exact;

import dev.etch.hardware.requantizer.FloatScale;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The float32 product itself, where the definition is one: its multipliers are the scales' own
 * significant bits, at a common shift. Nothing is searched.
 */
final class FloatScaleSearch {
  /** Of a multiplier: channels of larger scale than the smallest have zeros behind theirs. */
  private static final int MOST_BITS = 30;

  /** Products and this many places stay within 63 bits. */
  private static final int LARGEST_SHIFT = 60;

  /** Integers up to this are exact in float32. */
  private static final long MOST_ACCUMULATOR = 1L << FloatScale.SIGNIFICANT_BITS;

  private FloatScaleSearch() {}

  static Optional<FloatScale> run(List<Staircase> stairs, int low, int high) {
    if (!stairs.stream().allMatch(FloatScaleSearch::isExactProduct)) {
      return Optional.empty();
    }
    int shift = stairs.stream().mapToInt(s -> shift(s)).reduce(FloatScale.LEAST_SHIFT, Math::max);
    int spare = shift - FloatScale.LEAST_SHIFT;
    for (Staircase channel : stairs) {
      int more = shift - shift(channel);
      if (more > MOST_BITS - FloatScale.SIGNIFICANT_BITS) {
        return Optional.empty();
      }
      spare = Math.min(spare, more + Integer.numberOfTrailingZeros(significand(channel)));
    }
    return shift - spare > LARGEST_SHIFT
        ? Optional.empty()
        : Optional.of(form(stairs, low, high, shift, spare))
            .filter(form -> RequantizerFitter.isExact(stairs, form));
  }

  /**
   * The product at a given shift, unproved; empty if it is none, or a multiplier would not be an
   * integer of at most so many bits there.
   */
  static Optional<FloatScale> at(int shift, int bits, List<Staircase> stairs, int low, int high) {
    boolean fits =
        shift <= FloatScale.MOST_SHIFT
            && stairs.stream()
                .allMatch(
                    s ->
                        isExactProduct(s)
                            && shift(s) <= shift
                            && shift - shift(s) + FloatScale.SIGNIFICANT_BITS <= bits);
    return fits ? Optional.of(form(stairs, low, high, shift, 0)) : Optional.empty();
  }

  /** The least shift at which the multipliers of all channels are integers. */
  static int leastShift(List<Staircase> stairs) {
    return stairs.stream().mapToInt(s -> shift(s)).reduce(FloatScale.LEAST_SHIFT, Math::max);
  }

  /** Bits of the widest multiplier at that shift. */
  static int bits(int shift, List<Staircase> stairs) {
    return FloatScale.SIGNIFICANT_BITS
        + stairs.stream().mapToInt(s -> shift - shift(s)).max().orElseThrow();
  }

  private static FloatScale form(List<Staircase> stairs, int low, int high, int shift, int spare) {
    List<Long> biases = new ArrayList<>();
    List<Long> multipliers = new ArrayList<>();
    for (Staircase channel : stairs) {
      biases.add(channel.problem().constant());
      multipliers.add((long) significand(channel) << shift - shift(channel) >> spare);
    }
    ChannelProblem first = stairs.get(0).problem();
    return new FloatScale(
        RequantizerFitter.shared(biases),
        RequantizerFitter.shared(multipliers),
        shift - spare,
        first.apply(-first.constant()),
        low,
        high);
  }

  /** Whether the ratio is a float32 of all its bits, and every accumulator is exact in float32. */
  private static boolean isExactProduct(Staircase channel) {
    ChannelProblem problem = channel.problem();
    double ratio = problem.staircase().ratio();
    return (float) ratio == ratio
        && ratio >= Float.MIN_NORMAL
        && problem.raw().low() + problem.constant() >= -MOST_ACCUMULATOR
        && problem.raw().high() + problem.constant() <= MOST_ACCUMULATOR;
  }

  /** How far the significand is shifted right to be the ratio. */
  private static int shift(Staircase channel) {
    return FloatScale.SIGNIFICANT_BITS - 1 - Math.getExponent(ratio(channel));
  }

  private static int significand(Staircase channel) {
    return Math.round(Math.scalb(ratio(channel), shift(channel)));
  }

  private static float ratio(Staircase channel) {
    return (float) channel.problem().staircase().ratio();
  }

  /**
   * As multiplier bits. What tells ties and rounds them costs about as much as the offset and its
   * row, which other forms have.
   */
  static int cost(FloatScale form) {
    return RequantizerFitter.multiplierBits(form.multipliers());
  }
}
