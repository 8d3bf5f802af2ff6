// SPDX-License-Identifier: Apache-2.0
package dev.etch.exact;

import dev.etch.hardware.arithmetic.Bits;
import dev.etch.hardware.arithmetic.TieRule;
import dev.etch.hardware.requantizer.Scale;
import dev.etch.hardware.requantizer.SharedScale;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Finds the line that many channels have in common, each moved along it by an integer, in place of
 * a {@link Scale} with one multiplier and an offset a channel.
 *
 * <p>With a multiplier m, the offsets that fit a channel are an interval. A common offset k fits it
 * if the interval holds {@code m * bias + k} for some integer bias: modulo m, the intervals are
 * arcs, and k is a point that all have in common. Where there is one, there is one at the beginning
 * of an arc. Channels of one scale whose biases are integers in the unit of the accumulator, as the
 * frameworks have them, differ by multiples of m but for what rounding leaves open.
 */
final class SharedScaleSearch {
  /**
   * Bits of memory that cost as much as a bit of an adder: a lookup table of six inputs holds 64.
   */
  private static final int BITS_OF_AN_ADDER = 64;

  private final List<Interval> offsets;
  private final long multiplier;

  private SharedScaleSearch(List<Interval> offsets, long multiplier) {
    this.offsets = offsets;
    this.multiplier = multiplier;
  }

  /** The form that takes less than a scale, if there is one. */
  static Optional<SharedScale> run(List<Staircase> stairs, Scale scale) {
    if (scale.multipliers().size() > 1
        || scale.offsets().size() == 1
        || scale.tieRule() != TieRule.NONE
        || scale.multipliers().get(0) <= 0) {
      return Optional.empty();
    }
    long multiplier = scale.multipliers().get(0);
    List<Interval> offsets =
        stairs.stream().map(channel -> fit(channel, scale).offsets(multiplier)).toList();
    SharedScaleSearch search = new SharedScaleSearch(offsets, multiplier);
    OptionalLong common = search.common();
    return common.isEmpty()
        ? Optional.empty()
        : Optional.of(search.form(common.getAsLong(), scale))
            .filter(form -> isSmaller(form, scale, stairs));
  }

  private static LinearFit fit(Staircase channel, Scale scale) {
    return new LinearFit(channel, scale.low(), scale.high(), scale.shift(), scale.tieRule());
  }

  /** Beginning of an arc, or the place behind the end of one. */
  private record Event(long place, int change) {}

  /** The least offset below the multiplier that fits all channels. */
  private OptionalLong common() {
    List<Event> events = new ArrayList<>(List.of(new Event(0, 0)));
    long arcs = 0;
    for (Interval offset : offsets) {
      if (offset.high() - offset.low() < multiplier - 1) {
        long first = Math.floorMod(offset.low(), multiplier);
        long behind = Math.floorMod(offset.high() + 1, multiplier);
        events.add(new Event(first, 1));
        events.add(new Event(behind, -1));
        if (first >= behind) {
          events.add(new Event(0, 1));
        }
        arcs++;
      }
    }
    events.sort((a, b) -> Long.compare(a.place(), b.place()));
    long open = 0;
    for (int i = 0; i < events.size(); i++) {
      open += events.get(i).change();
      boolean isLast = i == events.size() - 1 || events.get(i + 1).place() > events.get(i).place();
      if (isLast && open == arcs) {
        return OptionalLong.of(events.get(i).place());
      }
    }
    return OptionalLong.empty();
  }

  private SharedScale form(long offset, Scale scale) {
    List<Long> biases = offsets.stream().map(interval -> bias(interval, offset)).toList();
    return new SharedScale(biases, multiplier, offset, scale.shift(), scale.low(), scale.high());
  }

  /** Of least magnitude. */
  private long bias(Interval interval, long offset) {
    long least = -Math.floorDiv(offset - interval.low(), multiplier);
    long most = Math.floorDiv(interval.high() - offset, multiplier);
    return Math.max(least, Math.min(most, 0));
  }

  private static boolean isSmaller(SharedScale form, Scale scale, List<Staircase> stairs) {
    long bitsSaved = (long) form.biases().size() * (bits(scale.offsets()) - bits(form.biases()));
    long low =
        stairs.stream().mapToLong(channel -> channel.problem().raw().low()).min().orElseThrow();
    long high =
        stairs.stream().mapToLong(channel -> channel.problem().raw().high()).max().orElseThrow();
    int adder =
        Bits.signed(
            BigInteger.valueOf(low + Collections.min(form.biases())),
            BigInteger.valueOf(high + Collections.max(form.biases())));
    return bitsSaved > (long) BITS_OF_AN_ADDER * adder;
  }

  private static int bits(List<Long> numbers) {
    return Bits.signed(
        BigInteger.valueOf(Collections.min(numbers)), BigInteger.valueOf(Collections.max(numbers)));
  }
}
