// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A {@link Requantizer.Scale} without ties, or a {@link Requantizer.Corrected} one, rewritten so
 * that a narrow multiplier suffices: {@code clamp((multiplier * limit(accumulator + bias) + rest)
 * >> shift, low, high)}. The bias is the whole part of offset / multiplier and the rest what
 * remains, so both forms are equal; a biased accumulator beyond the limits is clamped anyway, and
 * corrections are within them, so limiting it changes nothing.
 *
 * @param scale the original, without corrections
 * @param biases one a channel
 * @param rests one a channel; at least 0 and below the multiplier, if that is not 0
 * @param limitBits bits of a limited accumulator, signed
 */
public record CentredScale(
    Requantizer.Scale scale, List<Long> biases, List<Long> rests, int limitBits) {
  public CentredScale {
    biases = List.copyOf(biases);
    rests = List.copyOf(rests);
  }

  /** The rewritten form, if there is one. A multiplier for all channels is cheaper as adders. */
  public static Optional<CentredScale> of(Requantizer requantizer) {
    if (requantizer instanceof Requantizer.Corrected corrected) {
      Requantizer.Scale scale =
          new Requantizer.Scale(
              corrected.multipliers(),
              corrected.offsets(),
              corrected.shift(),
              corrected.tieRule(),
              corrected.low(),
              corrected.high());
      return of(scale).map(centred -> centred.holding(corrected));
    }
    return requantizer instanceof Requantizer.Scale scale
            && scale.tieRule() == TieRule.NONE
            && scale.multipliers().stream().distinct().count() > 1
            && scale.multipliers().stream().allMatch(m -> m >= 0)
        ? Optional.of(rewrite(scale))
        : Optional.empty();
  }

  /** Whether one multiplier of {@code target} computes it. */
  public boolean fits(Target target) {
    long widest = scale.multipliers().stream().mapToLong(m -> m).max().orElseThrow();
    return target.hasDspBlocks()
        && limitBits <= target.narrowerFactorBits()
        && bits(widest) + 1 <= target.widerFactorBits();
  }

  /** With limits beyond every accumulator that is corrected. */
  private CentredScale holding(Requantizer.Corrected corrected) {
    long limit = 0;
    for (int channel = 0; channel < biases.size(); channel++) {
      for (List<List<Long>> lists : List.of(corrected.raised(), corrected.lowered())) {
        for (long accumulator : lists.get(lists.size() == 1 ? 0 : channel)) {
          limit = Math.max(limit, Math.abs(accumulator + biases.get(channel)) + 1);
        }
      }
    }
    return new CentredScale(scale, biases, rests, Math.max(limitBits, bits(limit) + 1));
  }

  private static CentredScale rewrite(Requantizer.Scale scale) {
    List<Long> biases = new ArrayList<>();
    List<Long> rests = new ArrayList<>();
    long limit = 0;
    for (int channel = 0; channel < scale.multipliers().size(); channel++) {
      long multiplier = scale.multipliers().get(channel);
      long offset = scale.offsets().get(scale.offsets().size() == 1 ? 0 : channel);
      // Without weights the result is the same for every accumulator.
      biases.add(multiplier == 0 ? 0 : Math.floorDiv(offset, multiplier));
      rests.add(multiplier == 0 ? offset : Math.floorMod(offset, multiplier));
      if (multiplier != 0) {
        limit = Math.max(limit, beyond((long) scale.high() << scale.shift(), multiplier));
        limit = Math.max(limit, beyond(-((scale.low() + 1L) << scale.shift()), multiplier) + 1);
      }
    }
    return new CentredScale(scale, biases, rests, bits(limit) + 1);
  }

  /** The least magnitude from which on {@code multiplier * magnitude} is at least {@code bound}. */
  private static long beyond(long bound, long multiplier) {
    return Math.max(0, -Math.floorDiv(-bound, multiplier));
  }

  private static int bits(long magnitude) {
    return Long.SIZE - Long.numberOfLeadingZeros(magnitude);
  }
}
