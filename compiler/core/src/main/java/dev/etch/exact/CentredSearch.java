// SPDX-License-Identifier: Apache-2.0
package dev.etch.exact;

import dev.etch.exact.LinearFit.Closest;
import dev.etch.hardware.arithmetic.TieRule;
import dev.etch.hardware.requantizer.CentredScale;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Finds the {@link CentredScale} of a layer for a multiplier of given width.
 *
 * <p>What fits a channel with shift s and multiplier m fits with shift s + e if the biased
 * accumulator is shifted left by e: so each channel has the largest shift for which its multiplier
 * is short enough, down to {@value #MOST_EXPONENT} below the common one. Only accumulators from the
 * one before a channel's first step to its last step need to come through the limits unchanged:
 * what is beyond has the same output as these, or is clamped to it.
 */
final class CentredSearch {
  /** Operand and multiplier, signed, of the widest DSP blocks that are targets: 7 series. */
  private static final int OPERAND_BITS = 18;

  private static final int MULTIPLIER_BITS = 25;

  /** A choice of four shifts is a table a bit. */
  private static final int MOST_EXPONENT = 3;

  /** A comparator and a memory column for each correction, in tables. */
  private static final int CORRECTION_COST = 40;

  /** One more level of choice. */
  private static final int EXPONENT_COST = 20;

  private static final int MOST_CORRECTIONS = 6;

  private static final int LEAST_BITS = 16;

  private static final int LARGEST_SHIFT = 46;

  private final List<Staircase> stairs;
  private final int low;
  private final int high;

  /** One channel's part. */
  private record Channel(
      long bias, int exponent, long multiplier, long rest, List<Long> raised, List<Long> lowered) {
    int corrections() {
      return raised.size() + lowered.size();
    }
  }

  private CentredSearch(List<Staircase> stairs, int low, int high) {
    this.stairs = stairs;
    this.low = low;
    this.high = high;
  }

  /** The cheapest form; empty if there is none, or if one multiplier serves all channels. */
  static Optional<CentredScale> run(List<Staircase> stairs, int low, int high) {
    return new CentredSearch(stairs, low, high).best();
  }

  private Optional<CentredScale> best() {
    double largest =
        stairs.stream().mapToDouble(s -> s.problem().staircase().ratio()).max().orElseThrow();
    CentredScale best = null;
    int leastCost = Integer.MAX_VALUE;
    for (int bits = LEAST_BITS; bits < MULTIPLIER_BITS + MOST_EXPONENT; bits++) {
      int shift = bits - 1 - Math.getExponent(largest);
      if (shift < 1 || shift > LARGEST_SHIFT) {
        continue;
      }
      Optional<CentredScale> form = form(shift);
      if (form.isPresent()
          && cost(form.get()) < leastCost
          && RequantizerFitter.isExact(stairs, form.get())) {
        best = form.get();
        leastCost = cost(best);
      }
    }
    return Optional.ofNullable(best)
        .filter(form -> form.multipliers().stream().distinct().count() > 1);
  }

  private static int cost(CentredScale form) {
    int corrections = 0;
    for (int c = 0; c < form.biases().size(); c++) {
      corrections =
          Math.max(corrections, form.raised().get(c).size() + form.lowered().get(c).size());
    }
    int exponent = form.exponents().stream().mapToInt(e -> e).max().orElseThrow();
    return CORRECTION_COST * corrections
        + (exponent == 0 ? 0 : EXPONENT_COST + exponent)
        + form.multiplierBits();
  }

  private Optional<CentredScale> form(int shift) {
    List<Channel> channels = new ArrayList<>();
    for (Staircase channel : stairs) {
      Optional<Channel> found = channel(channel, shift);
      if (found.isEmpty()) {
        return Optional.empty();
      }
      channels.add(found.get());
    }
    return Optional.of(
        new CentredScale(
            channels.stream().map(Channel::bias).toList(),
            channels.stream().map(Channel::exponent).toList(),
            channels.stream().map(Channel::multiplier).toList(),
            channels.stream().map(Channel::rest).toList(),
            OPERAND_BITS,
            shift,
            low,
            high,
            channels.stream().map(Channel::raised).toList(),
            channels.stream().map(Channel::lowered).toList()));
  }

  private Optional<Channel> channel(Staircase channel, int shift) {
    if (channel.steps().length == 0) {
      long constant = (long) channel.lowest() << shift;
      return Optional.of(new Channel(0, 0, 0, constant, List.of(), List.of()));
    }
    return exact(channel, shift).or(() -> corrected(channel, shift));
  }

  private Optional<Channel> exact(Staircase channel, int shift) {
    long most = (1L << (MULTIPLIER_BITS - 1)) - 1;
    for (int exponent = 0; exponent <= Math.min(MOST_EXPONENT, shift - 1); exponent++) {
      LinearFit fit = new LinearFit(channel, low, high, shift - exponent, TieRule.NONE);
      OptionalLong multiplier = fit.least(0, most);
      if (multiplier.isPresent()) {
        Interval offsets = fit.offsets(multiplier.getAsLong());
        return centred(channel, exponent, multiplier.getAsLong(), offsets, List.of(), List.of());
      }
    }
    return Optional.empty();
  }

  /** With the definition's own ratio, as precisely as the multiplier allows. */
  private Optional<Channel> corrected(Staircase channel, int shift) {
    double ratio = channel.problem().staircase().ratio();
    int room = MULTIPLIER_BITS - 1 - (Math.getExponent(ratio) + 1 + shift);
    int exponent = Math.max(0, -room);
    if (exponent > Math.min(MOST_EXPONENT, shift - 1)) {
      return Optional.empty();
    }
    long multiplier = Math.round(Math.scalb(ratio, shift - exponent));
    if (multiplier == 0 || multiplier >= 1L << (MULTIPLIER_BITS - 1)) {
      return Optional.empty();
    }
    Optional<Closest> closest =
        new LinearFit(channel, low, high, shift - exponent, TieRule.NONE)
            .closest(multiplier)
            .filter(c -> c.raised().size() + c.lowered().size() <= MOST_CORRECTIONS);
    return closest.flatMap(
        c ->
            centred(
                channel,
                exponent,
                multiplier,
                new Interval(c.offset(), c.offset()),
                c.raised(),
                c.lowered()));
  }

  /**
   * With the bias at which the product is zero, if what matters is within the limits then, because
   * the rest is short; else with what matters in the middle.
   */
  private static Optional<Channel> centred(
      Staircase channel,
      int exponent,
      long multiplier,
      Interval offsets,
      List<Long> raised,
      List<Long> lowered) {
    if (multiplier == 0) {
      return Optional.empty();
    }
    Interval raw = channel.problem().raw();
    long[] steps = channel.steps();
    long first = Math.max(raw.low(), steps[0] - 2);
    long last = Math.min(raw.high(), steps[steps.length - 1] + 1);
    long zero = Math.floorDiv(offsets.low(), multiplier);
    for (long bias : new long[] {zero, -Math.floorDiv(first + last, 2)}) {
      if (within((first + bias) << exponent) && within((last + bias) << exponent)) {
        long rest =
            roundest(
                (offsets.low() - bias * multiplier) << exponent,
                ((offsets.high() + 1 - bias * multiplier) << exponent) - 1);
        return Optional.of(new Channel(bias, exponent, multiplier, rest, raised, lowered));
      }
    }
    return Optional.empty();
  }

  private static boolean within(long operand) {
    long beyond = 1L << (OPERAND_BITS - 1);
    return operand >= -beyond && operand < beyond;
  }

  /** The number from {@code low} to {@code high} that ends in the most zeros: a short constant. */
  static long roundest(long low, long high) {
    long best = low;
    for (int zeros = 0; zeros < Long.SIZE - 2; zeros++) {
      long multiple = -(-low >> zeros) << zeros;
      if (multiple > high) {
        return best;
      }
      best = multiple;
    }
    return best;
  }
}
