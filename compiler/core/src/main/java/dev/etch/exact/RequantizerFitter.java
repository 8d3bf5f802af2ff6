// SPDX-License-Identifier: Apache-2.0
package dev.etch.exact;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.hardware.arithmetic.TieRule;
import dev.etch.hardware.requantizer.CentredScale;
import dev.etch.hardware.requantizer.Corrected;
import dev.etch.hardware.requantizer.FloatScale;
import dev.etch.hardware.requantizer.Offset;
import dev.etch.hardware.requantizer.Requantizer;
import dev.etch.hardware.requantizer.Scale;
import dev.etch.hardware.requantizer.Thresholds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Finds the cheapest hardware form of a layer's staircases and proves it: both the definition and
 * every hardware form are monotone, so equality at both sides of every step and at the ends of the
 * range is equality everywhere. Never approximates.
 */
public final class RequantizerFitter {
  /** With so few outputs, comparators are smaller than a multiplication. */
  private static final int FEW_LEVELS = 4;

  /** Correcting ties costs about as much as this many more multiplier bits. */
  private static final int TIE_RULE_BITS = 2;

  /** A multiplier that all channels share is worth this many more bits: no memory, fixed adders. */
  private static final int SHARED_MULTIPLIER_BITS = 3;

  private static final int SAMPLES = 64;

  private RequantizerFitter() {}

  /**
   * The cheapest exact form.
   *
   * @param problems one a channel, or one that holds for all channels
   */
  public static Requantizer fit(List<ChannelProblem> problems) {
    Optional<Requantizer> lines =
        LineForm.isTooFine(problems)
            ? LineForm.of(problems).or(() -> DoubleProductForm.of(problems))
            : Optional.empty();
    return lines
        .or(() -> ExactForm.of(problems))
        .or(() -> likeTheFirst(problems))
        .orElseGet(() -> search(problems));
  }

  /**
   * Where there are too many steps to search a form of many channels, which takes seconds each
   * hundred, what the first channel needs decides: comparators, which are too many then, or the
   * float32 product, of which nothing is searched.
   */
  private static Optional<Requantizer> likeTheFirst(List<ChannelProblem> problems) {
    if (!LineForm.isTooFine(problems) || problems.size() == 1) {
      return Optional.empty();
    }
    Requantizer first = search(problems.subList(0, 1));
    if (first instanceof Thresholds steps
        && steps.thresholds().get(0).size() > LineForm.MOST_LEVELS) {
      return Optional.of(first);
    }
    return first instanceof FloatScale ? product(problems) : Optional.empty();
  }

  private static Optional<Requantizer> product(List<ChannelProblem> problems) {
    List<Staircase> stairs = problems.stream().map(Staircase::of).toList();
    return FloatScaleSearch.run(stairs, lowest(stairs), highest(stairs)).map(form -> form);
  }

  private static Requantizer search(List<ChannelProblem> problems) {
    List<Staircase> stairs = problems.stream().map(Staircase::of).toList();
    Requantizer requantizer = choose(stairs);
    verify(stairs, requantizer);
    return requantizer;
  }

  /**
   * The cheapest exact form with a multiplier, if there is one and channels differ in scale.
   *
   * @param problems one a channel
   */
  public static Optional<CentredScale> fitMultiplier(List<ChannelProblem> problems) {
    if (LineForm.isTooFine(problems)) {
      return Optional.empty();
    }
    List<Staircase> stairs = problems.stream().map(Staircase::of).toList();
    return CentredSearch.run(stairs, lowest(stairs), highest(stairs));
  }

  /** Raw sums plus each channel's constant: accumulators that leave the accelerator as they are. */
  public static Requantizer copy(List<ChannelRange> channels) {
    return new Offset(shared(channels.stream().map(ChannelRange::constant).toList()));
  }

  private static Requantizer choose(List<Staircase> stairs) {
    if (stairs.stream().allMatch(Staircase::isCopy)) {
      return new Offset(
          shared(stairs.stream().map(s -> s.lowest() - s.problem().raw().low()).toList()));
    }
    int low = lowest(stairs);
    int high = highest(stairs);
    if (high - low < FEW_LEVELS) {
      return thresholds(stairs, low, high);
    }
    return scale(stairs, low, high)
        .or(() -> pieces(stairs, low, high))
        .orElseGet(() -> thresholds(stairs, low, high));
  }

  private static int lowest(List<Staircase> stairs) {
    return stairs.stream().mapToInt(Staircase::lowest).min().orElseThrow();
  }

  private static int highest(List<Staircase> stairs) {
    return stairs.stream().mapToInt(Staircase::highest).max().orElseThrow();
  }

  private static Requantizer thresholds(List<Staircase> stairs, int low, int high) {
    List<List<Long>> channels = new ArrayList<>();
    for (Staircase channel : stairs) {
      List<Long> steps = new ArrayList<>();
      for (int level = low + 1; level <= high; level++) {
        steps.add(channel.threshold(level));
      }
      channels.add(steps);
    }
    return new Thresholds(shared(channels), low);
  }

  private static Optional<Requantizer> scale(List<Staircase> stairs, int low, int high) {
    Scale best = null;
    int leastCost = Integer.MAX_VALUE;
    for (TieRule rule : TieRule.values()) {
      Optional<Scale> candidate = scale(stairs, low, high, rule);
      if (candidate.isPresent() && cost(candidate.get()) < leastCost) {
        leastCost = cost(candidate.get());
        best = candidate.get();
      }
    }
    return Optional.ofNullable(best).map(form -> withSharedOffset(stairs, form));
  }

  private static Requantizer withSharedOffset(List<Staircase> stairs, Scale form) {
    Optional<Requantizer> smaller = SharedScaleSearch.run(stairs, form).map(shared -> shared);
    return smaller.orElse(form);
  }

  /** A product in float32, corrected ties or two pieces. */
  private static Optional<Requantizer> pieces(List<Staircase> stairs, int low, int high) {
    Optional<FloatScale> product = FloatScaleSearch.run(stairs, low, high);
    int most = product.map(FloatScaleSearch::cost).orElse(Integer.MAX_VALUE);
    Optional<Corrected> corrected = CorrectedSearch.run(stairs, low, high, most);
    int cost = corrected.map(CorrectedSearch::cost).orElse(most);
    Optional<Requantizer> twoPieces =
        TwoPieceSearch.run(stairs, low, high, SHARED_MULTIPLIER_BITS)
            .filter(form -> TwoPieceSearch.cost(form) < cost)
            .map(form -> form);
    return twoPieces.or(() -> corrected).or(() -> product);
  }

  /** Bits of the widest multiplier, with what a tie rule or many different multipliers add. */
  private static int cost(Scale scale) {
    return multiplierBits(scale.multipliers())
        + (scale.tieRule() == TieRule.NONE ? 0 : TIE_RULE_BITS)
        + (scale.multipliers().size() == 1 ? 0 : SHARED_MULTIPLIER_BITS);
  }

  /** Bits of the widest multiplier. */
  static int multiplierBits(List<Long> multipliers) {
    return 64 - Long.numberOfLeadingZeros(Collections.max(multipliers));
  }

  /** One entry if all channels agree. */
  static <T> List<T> shared(List<T> channels) {
    return channels.stream().distinct().count() == 1 ? channels.subList(0, 1) : channels;
  }

  private static void verify(List<Staircase> stairs, Requantizer requantizer) {
    if (!isExact(stairs, requantizer)) {
      throw new CompilerBug("a requantizer differs from its definition");
    }
  }

  /**
   * Whether a form equals the definition: two raw sums on either side of every step and at either
   * end of the range (corrections touch only the nearest, and without them a form is monotone), and
   * random ones.
   */
  static boolean isExact(List<Staircase> stairs, Requantizer requantizer) {
    Random random = new Random(stairs.size());
    for (int c = 0; c < stairs.size(); c++) {
      ChannelProblem problem = stairs.get(c).problem();
      Interval raw = problem.raw();
      boolean exact =
          isExactAround(raw.low(), problem, c, requantizer)
              && isExactAround(raw.high(), problem, c, requantizer);
      for (long step : stairs.get(c).steps()) {
        exact &= isExactAround(step, problem, c, requantizer);
      }
      for (int i = 0; i < SAMPLES; i++) {
        long sample = raw.low() + (long) (random.nextDouble() * (raw.high() - raw.low()));
        exact &= equal(problem, c, sample, requantizer);
      }
      if (!exact) {
        return false;
      }
    }
    return true;
  }

  private static boolean isExactAround(
      long place, ChannelProblem problem, int channel, Requantizer form) {
    Interval raw = problem.raw();
    boolean exact = true;
    for (long near = place - 2; near <= place + 1; near++) {
      exact &= equal(problem, channel, Math.max(raw.low(), Math.min(raw.high(), near)), form);
    }
    return exact;
  }

  private static boolean equal(ChannelProblem problem, int channel, long raw, Requantizer form) {
    return form.apply(channel, raw) == problem.apply(raw);
  }

  private static Optional<Scale> scale(List<Staircase> stairs, int low, int high, TieRule rule) {
    return MultiplierSearch.run(
            stairs.size(),
            SHARED_MULTIPLIER_BITS,
            (c, shift) -> new LinearFit(stairs.get(c), low, high, shift, rule))
        .map(
            found -> {
              List<Long> offsets = new ArrayList<>();
              for (int c = 0; c < stairs.size(); c++) {
                LinearFit fit = new LinearFit(stairs.get(c), low, high, found.shift(), rule);
                offsets.add(fit.offset(found.multiplier(c)));
              }
              return new Scale(
                  found.multipliers(), shared(offsets), found.shift(), rule, low, high);
            });
  }
}
