// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.requantizer;

import dev.etch.hardware.arithmetic.TieRule;
import java.util.List;
import java.util.Objects;

/**
 * {@code clamp((accumulator * multiplier + offset) >> shift, low, high)}; the offset carries bias,
 * rounding and output zero point. With a tie rule, a value whose {@code shift} low bits are all
 * zero stands for an exact tie that was rounded up, and one is subtracted if the result does not
 * have the wanted parity.
 *
 * @param multipliers one a channel, or one for all
 * @param offsets likewise
 * @param shift from 0 to 62
 * @param low smallest result
 * @param high largest result
 */
public record Scale(
    List<Long> multipliers, List<Long> offsets, int shift, TieRule tieRule, int low, int high)
    implements Requantizer {
  public Scale {
    multipliers = List.copyOf(multipliers);
    offsets = List.copyOf(offsets);
    Objects.requireNonNull(tieRule);
    if (shift < 0 || shift > 62) {
      throw new IllegalArgumentException("shift " + shift);
    }
  }

  @Override
  public long apply(int channel, long accumulator) {
    long multiplier = PerChannel.of(multipliers, channel);
    long offset = PerChannel.of(offsets, channel);
    long result =
        tieRule == TieRule.NONE
            ? LongProduct.shifted(accumulator, multiplier, offset, shift)
            : tieRule.apply(accumulator * multiplier + offset, shift);
    return Math.max(low, Math.min(high, result));
  }

  @Override
  public Requantizer repeated(int times) {
    return new Scale(
        PerChannel.repeat(multipliers, times),
        PerChannel.repeat(offsets, times),
        shift,
        tieRule,
        low,
        high);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.scale(this);
  }
}
