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

  /**
   * More bits of the multiplier that are tried where the shortest leaves no common offset: biases
   * may go farther along the line than the accumulators that it was fitted to.
   */
  private static final int MORE_BITS = 8;

  /** Bits of a multiplier for which its product has an adder more, at most. */
  private static final int BITS_OF_A_ROW = 2;

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
        || scale.tieRule() != TieRule.NONE) {
      return Optional.empty();
    }
    for (int more = 0; more <= MORE_BITS; more++) {
      Optional<SharedScale> form = form(stairs, scale, scale.shift() + more);
      if (form.isPresent()) {
        return form.filter(found -> isSmaller(found, scale, stairs));
      }
    }
    return Optional.empty();
  }

  private static Optional<SharedScale> form(List<Staircase> stairs, Scale scale, int shift) {
    List<LinearFit> fits =
        stairs.stream()
            .map(s -> new LinearFit(s, scale.low(), scale.high(), shift, scale.tieRule()))
            .toList();
    OptionalLong multiplier = MultiplierSearch.leastOfAll(fits, 1, MultiplierSearch.MOST);
    if (multiplier.isEmpty()) {
      return Optional.empty();
    }
    long shared = multiplier.getAsLong();
    SharedScaleSearch search =
        new SharedScaleSearch(fits.stream().map(fit -> fit.offsets(shared)).toList(), shared);
    OptionalLong offset = search.common();
    return offset.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new SharedScale(
                search.biases(offset.getAsLong()),
                shared,
                offset.getAsLong(),
                shift,
                scale.low(),
                scale.high()));
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

  private List<Long> biases(long offset) {
    return offsets.stream().map(interval -> bias(interval, offset)).toList();
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
    int more = form.shift() - scale.shift();
    int adders = 1 + (more + BITS_OF_A_ROW - 1) / BITS_OF_A_ROW;
    return bitsSaved > (long) BITS_OF_AN_ADDER * adders * adder;
  }

  private static int bits(List<Long> numbers) {
    return Bits.signed(
        BigInteger.valueOf(Collections.min(numbers)), BigInteger.valueOf(Collections.max(numbers)));
  }
}
