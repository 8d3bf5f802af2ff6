// SPDX-License-Identifier: Apache-2.0
package dev.etch.exact;

import dev.etch.hardware.arithmetic.TieRule;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/**
 * Decides for one channel and one shift which multipliers allow two lines, one for the steps up to
 * the accumulator that stands for zero and one for those above it. A channel that has steps only on
 * one side needs but one line, which it has above its pivot.
 *
 * <p>Between the two steps around zero both lines give the same output, so that the pivot may be
 * anywhere there: the line below is not above the other one, reaches the output at the lower step
 * already, and the other line does not leave it before the upper step.
 */
final class TwoPieceFit implements MultiplierSearch.Fit {
  /** No bound of the difference between two lines of which one is never used. */
  private static final long FURTHEST = 1L << 60;

  private final List<LinearFit> lines;
  private final Interval pivots;

  /**
   * A fit.
   *
   * @param lowestRaw smallest raw sum of any channel
   */
  TwoPieceFit(Staircase stairs, int clampLow, int clampHigh, int shift, long lowestRaw) {
    long[] steps = stairs.steps();
    Interval raw = stairs.problem().raw();
    long zero = stairs.problem().staircase().zero() - stairs.problem().constant();
    int lower = 0;
    while (lower < steps.length && steps[lower] <= zero) {
      lower++;
    }
    if (lower == 0 || lower == steps.length) {
      lines = List.of(new LinearFit(stairs, clampLow, clampHigh, shift, TieRule.NONE));
      pivots = new Interval(-Long.highestOneBit(Math.max(1, -2 * lowestRaw - 1)), raw.low());
    } else {
      Staircase below = part(stairs, 0, lower, new Interval(raw.low(), zero));
      Staircase above = part(stairs, lower, steps.length, new Interval(zero + 1, raw.high()));
      lines =
          List.of(
              new LinearFit(below, clampLow, clampHigh, shift, TieRule.NONE),
              new LinearFit(above, clampLow, clampHigh, shift, TieRule.NONE));
      pivots = new Interval(steps[lower - 1] + 1, steps[lower]);
    }
  }

  private static Staircase part(Staircase stairs, int from, int to, Interval raw) {
    ChannelProblem whole = stairs.problem();
    return new Staircase(
        new ChannelProblem(whole.staircase(), whole.constant(), raw),
        Arrays.copyOfRange(stairs.steps(), from, to),
        Arrays.copyOfRange(stairs.levels(), from, to),
        from == 0 ? stairs.lowest() : stairs.levels()[from - 1]);
  }

  @Override
  public OptionalLong least(long from, long most) {
    return MultiplierSearch.leastOfAll(lines, from, most);
  }

  /** Every place where the lower line may end: it holds for smaller accumulators. */
  Interval pivots() {
    return pivots;
  }

  /** What may be added to the offset of the upper line for that of the lower one. */
  Interval differences(long multiplier) {
    if (lines.size() == 1) {
      return new Interval(-FURTHEST, FURTHEST);
    }
    Interval below = lines.get(0).offsets(multiplier);
    Interval above = upper().offsets(multiplier);
    return new Interval(below.low() - above.high(), below.high() - above.low());
  }

  /** Offset of the upper line, of least magnitude, if the lower one is so far from it. */
  long offset(long multiplier, long difference) {
    Interval above = upper().offsets(multiplier);
    long low = above.low();
    long high = above.high();
    if (lines.size() > 1) {
      Interval below = lines.get(0).offsets(multiplier);
      low = Math.max(low, below.low() - difference);
      high = Math.min(high, below.high() - difference);
    }
    return Math.max(low, Math.min(high, 0));
  }

  private LinearFit upper() {
    return lines.get(lines.size() - 1);
  }
}
