// SPDX-License-Identifier: Apache-2.0
package dev.etch.exact;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.hardware.arithmetic.TieRule;
import dev.etch.hardware.requantizer.Requantizer;
import dev.etch.hardware.requantizer.Scale;
import dev.etch.hardware.requantizer.TwoPieceScale;
import dev.etch.op.requantization.Lines;
import dev.etch.op.requantization.Requantization;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * The hardware form that follows from definitions by algebra: their {@link Lines}, brought to one
 * shift. For staircases with so many steps that looking at each, as the search for the shortest
 * multipliers does, would take minutes. That the algebra is right is tested on samples.
 */
final class LineForm {
  /** Beyond this the steps are not enumerated. */
  static final int MOST_LEVELS = 1 << 12;

  private static final int MOST_BITS = 62;

  /** Products may be wider: the hardware is, and results are not. */
  private static final int MOST_PRODUCT_BITS = 90;

  private static final int SAMPLES = 4096;

  private LineForm() {}

  /** Whether staircases have too many steps to enumerate. */
  static boolean isTooFine(List<ChannelProblem> problems) {
    return problems.stream()
        .map(ChannelProblem::staircase)
        .anyMatch(staircase -> (long) staircase.high() - staircase.low() > MOST_LEVELS);
  }

  /** The form of definitions that are lines with one clamp; empty if they are not. */
  static Optional<Requantizer> of(List<ChannelProblem> problems) {
    Requantization first = problems.get(0).staircase();
    List<Lines> channels = new ArrayList<>();
    for (ChannelProblem problem : problems) {
      Optional<Lines> lines = lines(problem);
      boolean sameClamp =
          problem.staircase().low() == first.low() && problem.staircase().high() == first.high();
      if (lines.isEmpty() || !sameClamp) {
        return Optional.empty();
      }
      channels.add(lines.get());
    }
    Optional<Requantizer> form =
        aligned(channels, furthest(problems)).map(a -> form(a, first.low(), first.high()));
    form.ifPresent(f -> check(problems, f));
    return form;
  }

  /** The form of lines whose values are not clamped: they stay in {@code range}. */
  static Requantizer unclamped(Lines lines, Interval range) {
    return form(List.of(lines), Math.toIntExact(range.low()), Math.toIntExact(range.high()));
  }

  /** Of the raw sum. */
  private static Optional<Lines> lines(ChannelProblem problem) {
    Interval raw = problem.raw();
    long constant = problem.constant();
    return problem
        .staircase()
        .lines(raw.low() + constant, raw.high() + constant)
        .filter(l -> bits(l.multiplier()) + bits(constant) < MOST_BITS)
        .map(
            l ->
                new Lines(
                    l.multiplier(),
                    l.offset() + constant * l.multiplier(),
                    l.pivot() - constant,
                    l.below(),
                    l.shift()));
  }

  private static long furthest(List<ChannelProblem> problems) {
    return problems.stream()
        .mapToLong(p -> Math.max(Math.abs(p.raw().low()), Math.abs(p.raw().high())))
        .max()
        .orElseThrow();
  }

  /** All with the largest shift, less the zeros that all multipliers have at their end then. */
  private static Optional<List<Lines>> aligned(List<Lines> channels, long furthest) {
    int shift = channels.stream().mapToInt(Lines::shift).max().orElseThrow();
    int spare =
        channels.stream()
            .mapToInt(l -> Long.numberOfTrailingZeros(l.multiplier()) + shift - l.shift())
            .min()
            .orElseThrow();
    int common = shift - Math.min(shift, spare);
    boolean fits =
        channels.stream()
            .allMatch(
                l ->
                    bits(l.multiplier()) + common - l.shift() < MOST_BITS
                        && bits(l.multiplier()) + bits(furthest) + common - l.shift()
                            < MOST_PRODUCT_BITS
                        && bits(l.offset()) + common - l.shift() < MOST_BITS);
    return fits
        ? Optional.of(channels.stream().map(l -> l.shiftedBy(common - l.shift())).toList())
        : Optional.empty();
  }

  private static Requantizer form(List<Lines> channels, int low, int high) {
    List<Long> multipliers = each(channels.stream().map(Lines::multiplier).toList());
    List<Long> offsets = each(channels.stream().map(Lines::offset).toList());
    int shift = channels.get(0).shift();
    if (channels.stream().allMatch(l -> l.below() == 0)) {
      return new Scale(multipliers, offsets, shift, TieRule.NONE, low, high);
    }
    return new TwoPieceScale(
        multipliers,
        offsets,
        each(channels.stream().map(Lines::pivot).toList()),
        each(channels.stream().map(Lines::below).toList()),
        shift,
        low,
        high);
  }

  private static List<Long> each(List<Long> channels) {
    return RequantizerFitter.shared(channels);
  }

  private static int bits(long value) {
    return Long.SIZE - Long.numberOfLeadingZeros(Math.abs(value));
  }

  /** Both ends, the places around the pivot, and random ones. */
  private static void check(List<ChannelProblem> problems, Requantizer form) {
    Random random = new Random(problems.size());
    int samples = Math.max(1, SAMPLES / problems.size());
    for (int c = 0; c < problems.size(); c++) {
      ChannelProblem problem = problems.get(c);
      Interval raw = problem.raw();
      long zero = problem.staircase().zero() - problem.constant();
      List<Long> places = new ArrayList<>(List.of(raw.low(), raw.high(), zero - 1, zero, zero + 1));
      for (int i = 0; i < samples; i++) {
        places.add(raw.low() + (long) (random.nextDouble() * (raw.high() - raw.low())));
      }
      for (long place : places) {
        if (raw.contains(place) && form.apply(c, place) != problem.apply(place)) {
          throw new CompilerBug("a requantizer's lines differ from its definition at " + place);
        }
      }
    }
  }
}
