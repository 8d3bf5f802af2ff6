// SPDX-License-Identifier: Apache-2.0
package dev.etch.exact;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.hardware.arithmetic.TieRule;
import dev.etch.hardware.requantizer.Requantizer;
import dev.etch.hardware.requantizer.Scale;
import dev.etch.op.requantization.ExactAccumulation;
import dev.etch.op.requantization.Requantization;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * The hardware form of {@link ExactAccumulation}, which is integer arithmetic itself: half a step
 * rounds to nearest, and a tie rule to even where ties can occur. No step is looked at, so that any
 * number of levels takes no time; that the algebra is right is tested on samples.
 */
final class ExactForm {
  private static final int SAMPLES = 4096;

  /** Products and offsets below this do not leave 63 bits together. */
  private static final int MOST_BITS = 61;

  private final List<ChannelProblem> problems;
  private final List<ExactAccumulation> channels;

  private ExactForm(List<ChannelProblem> problems, List<ExactAccumulation> channels) {
    this.problems = problems;
    this.channels = channels;
  }

  /** The form; empty if the definitions are others, or their numbers are too large. */
  static Optional<Requantizer> of(List<ChannelProblem> problems) {
    List<ExactAccumulation> channels = new ArrayList<>();
    Requantization first = problems.get(0).staircase();
    for (ChannelProblem problem : problems) {
      if (problem.staircase() instanceof ExactAccumulation exact
          && exact.low() == first.low()
          && exact.high() == first.high()
          && isOdd(exact) == isOdd((ExactAccumulation) first)) {
        channels.add(exact);
      } else {
        return Optional.empty();
      }
    }
    Optional<Requantizer> form = new ExactForm(problems, channels).form();
    form.ifPresent(f -> check(problems, f));
    return form;
  }

  private Optional<Requantizer> form() {
    int largest = channels.stream().mapToInt(ExactAccumulation::shift).max().orElseThrow();
    int spare = largest - 1;
    for (ExactAccumulation channel : channels) {
      spare = Math.min(spare, largest - channel.shift() + spare(channel));
    }
    int shift = largest - spare;
    List<Long> multipliers = new ArrayList<>();
    List<Long> offsets = new ArrayList<>();
    boolean ties = false;
    for (int c = 0; c < channels.size(); c++) {
      ExactAccumulation channel = channels.get(c);
      int more = shift - channel.shift();
      long multiplier = shifted(channel.multiplier(), more);
      long constant = problems.get(c).constant();
      long zero = channel.layer().zeroPoint();
      long addend = shifted(channel.addend(), more);
      boolean fits =
          bits(multiplier) + Math.max(bits(constant), bits(furthest(problems.get(c)))) < MOST_BITS
              && bits(zero) + shift < MOST_BITS
              && bits(channel.addend()) + more < MOST_BITS;
      if (!fits) {
        return Optional.empty();
      }
      multipliers.add(multiplier);
      offsets.add(constant * multiplier + addend + (1L << (shift - 1)) + (zero << shift));
      ties |= addend != 0 || hasTies(multiplier, shift, problems.get(c));
    }
    TieRule rule = isOdd(channels.get(0)) ? TieRule.TO_ODD : TieRule.TO_EVEN;
    return Optional.of(
        new Scale(
            RequantizerFitter.shared(multipliers),
            RequantizerFitter.shared(offsets),
            shift,
            ties ? rule : TieRule.NONE,
            channels.get(0).low(),
            channels.get(0).high()));
  }

  /** Whether the zero point is odd: rounding to even gives odd results then. */
  private static boolean isOdd(ExactAccumulation channel) {
    return (channel.layer().zeroPoint() & 1) == 1;
  }

  /** Zeros at the end of all that is added. */
  private static int spare(ExactAccumulation channel) {
    return Math.min(
        Long.numberOfTrailingZeros(channel.multiplier()),
        Long.numberOfTrailingZeros(channel.addend()));
  }

  private static long shifted(long value, int bits) {
    return bits >= 0 ? value << bits : value >> -bits;
  }

  /** Whether an odd number of half steps is a multiple of the multiplier within the range. */
  private static boolean hasTies(long multiplier, int shift, ChannelProblem problem) {
    int zeros = Long.numberOfTrailingZeros(multiplier);
    return multiplier != 0
        && shift - 1 - zeros <= bits(furthest(problem) + Math.abs(problem.constant()));
  }

  private static long furthest(ChannelProblem problem) {
    return Math.max(Math.abs(problem.raw().low()), Math.abs(problem.raw().high()));
  }

  private static int bits(long value) {
    return Long.SIZE - Long.numberOfLeadingZeros(Math.abs(value));
  }

  /** Both ends, around zero, and random sums. */
  private static void check(List<ChannelProblem> problems, Requantizer form) {
    Random random = new Random(problems.size());
    int samples = Math.max(1, SAMPLES / problems.size());
    for (int c = 0; c < problems.size(); c++) {
      ChannelProblem problem = problems.get(c);
      Interval raw = problem.raw();
      long zero = -problem.constant();
      List<Long> places = new ArrayList<>(List.of(raw.low(), raw.high(), zero - 1, zero, zero + 1));
      for (int i = 0; i < samples; i++) {
        places.add(raw.low() + (long) (random.nextDouble() * (raw.high() - raw.low())));
      }
      for (long place : places) {
        if (raw.contains(place) && form.apply(c, place) != problem.apply(place)) {
          throw new CompilerBug("an exact rescaling differs from its definition at " + place);
        }
      }
    }
  }
}
