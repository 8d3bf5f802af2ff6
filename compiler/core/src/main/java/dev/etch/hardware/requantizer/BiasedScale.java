// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.requantizer;

import java.util.List;

/**
 * {@code clamp(round((accumulator + bias) * multiplier / 2^shift), low, high)}, ties away from
 * zero: where the bias is in front of the product because behind it, it would be too wide. The
 * rounding adds half a step, and takes one unit off below zero.
 *
 * @param biases added to the accumulator; one a channel, or one for all
 * @param multipliers at least 0; likewise
 * @param shift from 1 to 62
 */
public record BiasedScale(List<Long> biases, List<Long> multipliers, int shift, int low, int high)
    implements Requantizer {
  public BiasedScale {
    biases = List.copyOf(biases);
    multipliers = List.copyOf(multipliers);
    if (shift < 1 || shift > 62) {
      throw new IllegalArgumentException("shift " + shift);
    }
  }

  @Override
  public long apply(int channel, long accumulator) {
    long operand = accumulator + PerChannel.of(biases, channel);
    long half = (1L << (shift - 1)) - (operand < 0 ? 1 : 0);
    long multiplier = PerChannel.of(multipliers, channel);
    return Math.max(low, Math.min(high, LongProduct.shifted(operand, multiplier, half, shift)));
  }

  @Override
  public Requantizer repeated(int times) {
    return new BiasedScale(
        PerChannel.repeat(biases, times), PerChannel.repeat(multipliers, times), shift, low, high);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.biasedScale(this);
  }
}
