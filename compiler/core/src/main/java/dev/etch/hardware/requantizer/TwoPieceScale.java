// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.requantizer;

import dev.etch.hardware.arithmetic.TieRule;
import java.util.List;

/**
 * As {@link Scale} without a tie rule, and what is in {@code belows} is added to the offset of
 * accumulators below the pivot. Roundings half away from zero are two such lines that meet where
 * the result is zero.
 *
 * @param multipliers one a channel, or one for all
 * @param offsets likewise
 * @param pivots likewise
 * @param belows at most 0, so that the whole never decreases; likewise
 * @param shift from 0 to 62
 */
public record TwoPieceScale(
    List<Long> multipliers,
    List<Long> offsets,
    List<Long> pivots,
    List<Long> belows,
    int shift,
    int low,
    int high)
    implements Requantizer {
  public TwoPieceScale {
    multipliers = List.copyOf(multipliers);
    offsets = List.copyOf(offsets);
    pivots = List.copyOf(pivots);
    belows = List.copyOf(belows);
    if (shift < 0 || shift > 62) {
      throw new IllegalArgumentException("shift " + shift);
    }
    if (belows.stream().anyMatch(below -> below > 0)) {
      throw new IllegalArgumentException("a step down at a pivot: " + belows);
    }
  }

  @Override
  public long apply(int channel, long accumulator) {
    long offset = PerChannel.of(offsets, channel);
    if (accumulator < PerChannel.of(pivots, channel)) {
      offset += PerChannel.of(belows, channel);
    }
    long result =
        LongProduct.shifted(accumulator, PerChannel.of(multipliers, channel), offset, shift);
    return Math.max(low, Math.min(high, result));
  }

  @Override
  public Requantizer repeated(int times) {
    return new TwoPieceScale(
        PerChannel.repeat(multipliers, times),
        PerChannel.repeat(offsets, times),
        PerChannel.repeat(pivots, times),
        PerChannel.repeat(belows, times),
        shift,
        low,
        high);
  }

  /** The form from the pivot on. */
  public Scale upperLine() {
    return new Scale(multipliers, offsets, shift, TieRule.NONE, low, high);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.twoPieceScale(this);
  }
}
