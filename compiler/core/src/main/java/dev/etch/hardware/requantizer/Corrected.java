// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.requantizer;

import dev.etch.hardware.arithmetic.TieRule;
import java.util.List;
import java.util.Objects;

/**
 * As {@link Scale}, with a few accumulators of each channel that half a step, {@code 2^(shift -
 * 1)}, is added to before the shift ({@code raised}) or subtracted from ({@code lowered}). The
 * float32 rounding of the framework's own product moves a value that is next to a tie across it; no
 * linear form follows that where it happens on both sides.
 *
 * @param multipliers one a channel, or one for all
 * @param offsets likewise
 * @param shift from 1 to 62
 * @param raised accumulators, at most a few a channel; one list a channel, or one for all
 * @param lowered accumulators, likewise
 */
public record Corrected(
    List<Long> multipliers,
    List<Long> offsets,
    int shift,
    TieRule tieRule,
    int low,
    int high,
    List<List<Long>> raised,
    List<List<Long>> lowered)
    implements Requantizer {
  public Corrected {
    multipliers = List.copyOf(multipliers);
    offsets = List.copyOf(offsets);
    Objects.requireNonNull(tieRule);
    if (shift < 1 || shift > 62) {
      throw new IllegalArgumentException("shift " + shift);
    }
    raised = raised.stream().map(List::copyOf).toList();
    lowered = lowered.stream().map(List::copyOf).toList();
  }

  @Override
  public long apply(int channel, long accumulator) {
    long sum = accumulator * PerChannel.of(multipliers, channel) + PerChannel.of(offsets, channel);
    sum +=
        PerChannel.correction(
            PerChannel.of(raised, channel), PerChannel.of(lowered, channel), accumulator, shift);
    return Math.max(low, Math.min(high, tieRule.apply(sum, shift)));
  }

  @Override
  public Requantizer repeated(int times) {
    return new Corrected(
        PerChannel.repeat(multipliers, times),
        PerChannel.repeat(offsets, times),
        shift,
        tieRule,
        low,
        high,
        PerChannel.repeat(raised, times),
        PerChannel.repeat(lowered, times));
  }

  /** The form without its corrections. */
  public Scale line() {
    return new Scale(multipliers, offsets, shift, tieRule, low, high);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.corrected(this);
  }
}
