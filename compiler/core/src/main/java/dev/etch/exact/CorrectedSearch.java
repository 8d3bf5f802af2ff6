// SPDX-License-Identifier: Apache-2.0
package dev.etch.exact;

import dev.etch.exact.LinearFit.Closest;
import dev.etch.hardware.arithmetic.TieRule;
import dev.etch.hardware.requantizer.Corrected;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Linear forms with a few corrected accumulators, for staircases that no linear form follows. The
 * multipliers are the definition's own ratios, rounded to a common shift: a longer multiplier
 * leaves fewer accumulators to correct, down to those that float32 rounding moved across a tie.
 */
final class CorrectedSearch {
  private static final int LEAST_BITS = 14;

  /** A float32 scale has 24 bits; channels of smaller scale than the largest get the rest. */
  private static final int MOST_BITS = 30;

  private static final int LARGEST_SHIFT = 46;

  /** A correction is a comparator and a memory column: about as much as two multiplier bits. */
  private static final int CORRECTION_BITS = 2;

  /** Beyond this many corrections a channel, thresholds are the better form. */
  private static final int MOST_CORRECTIONS = 12;

  private CorrectedSearch() {}

  /**
   * The cheapest form.
   *
   * @param other what another form costs, see {@link #cost}
   */
  static Optional<Corrected> run(List<Staircase> stairs, int low, int high, int other) {
    Corrected best = null;
    int leastCost = other;
    double largest =
        stairs.stream().mapToDouble(s -> s.problem().staircase().ratio()).max().orElseThrow();
    for (TieRule rule : TieRule.values()) {
      if (best != null) {
        break; // only exact ties, on every other level, need a rule, and then nothing fits without
      }
      for (int bits = LEAST_BITS; bits <= MOST_BITS; bits++) {
        int shift = bits - 1 - Math.getExponent(largest);
        if (shift < 1 || shift > LARGEST_SHIFT) {
          continue;
        }
        int affordable = (leastCost - bits) / CORRECTION_BITS;
        Optional<Corrected> form =
            form(stairs, low, high, shift, rule, Math.min(MOST_CORRECTIONS, affordable));
        if (form.isPresent()
            && bits + CORRECTION_BITS * corrections(form.get()) < leastCost
            && RequantizerFitter.isExact(stairs, form.get())) {
          leastCost = bits + CORRECTION_BITS * corrections(form.get());
          best = form.get();
        }
      }
    }
    return Optional.ofNullable(best);
  }

  private static Optional<Corrected> form(
      List<Staircase> stairs, int low, int high, int shift, TieRule rule, int mostCorrections) {
    List<Long> multipliers = new ArrayList<>();
    List<Long> offsets = new ArrayList<>();
    List<List<Long>> raised = new ArrayList<>();
    List<List<Long>> lowered = new ArrayList<>();
    for (Staircase channel : stairs) {
      double ratio = channel.problem().staircase().ratio();
      long multiplier = Math.round(Math.scalb(ratio, shift));
      Optional<Closest> closest =
          new LinearFit(channel, low, high, shift, rule)
              .closest(multiplier)
              .filter(c -> c.raised().size() + c.lowered().size() <= mostCorrections);
      if (closest.isEmpty()) {
        return Optional.empty();
      }
      multipliers.add(multiplier);
      offsets.add(closest.get().offset());
      raised.add(closest.get().raised());
      lowered.add(closest.get().lowered());
    }
    return Optional.of(
        new Corrected(
            RequantizerFitter.shared(multipliers),
            RequantizerFitter.shared(offsets),
            shift,
            rule,
            low,
            high,
            raised,
            lowered));
  }

  /** As multiplier bits. */
  static int cost(Corrected form) {
    return RequantizerFitter.multiplierBits(form.multipliers())
        + CORRECTION_BITS * corrections(form);
  }

  /** The most corrections of one channel. */
  static int corrections(Corrected form) {
    int most = 0;
    for (int c = 0; c < form.raised().size(); c++) {
      most = Math.max(most, form.raised().get(c).size() + form.lowered().get(c).size());
    }
    return most;
  }
}
