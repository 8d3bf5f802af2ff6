// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.requantizer;

import java.util.List;

/**
 * {@code clamp(((accumulator + bias) * multiplier + offset) >> shift, low, high)}: one line for all
 * channels, each of which is moved along it by its bias. A bias has as many bits fewer than the
 * offset of a {@link Scale} as the multiplier has, which is what the memory of many channels saves
 * for an adder more.
 *
 * @param biases one a channel
 * @param multiplier at least 0
 * @param offset added to the product
 * @param shift from 0 to 62
 * @param low smallest result
 * @param high largest result
 */
public record SharedScale(
    List<Long> biases, long multiplier, long offset, int shift, int low, int high)
    implements Requantizer {
  public SharedScale {
    biases = List.copyOf(biases);
    if (shift < 0 || shift > 62) {
      throw new IllegalArgumentException("shift " + shift);
    }
    if (multiplier < 0) {
      throw new IllegalArgumentException("multiplier " + multiplier);
    }
  }

  @Override
  public long apply(int channel, long accumulator) {
    long operand = accumulator + PerChannel.of(biases, channel);
    return Math.max(low, Math.min(high, LongProduct.shifted(operand, multiplier, offset, shift)));
  }

  @Override
  public Requantizer repeated(int times) {
    return new SharedScale(PerChannel.repeat(biases, times), multiplier, offset, shift, low, high);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.sharedScale(this);
  }
}
