// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.requantizer;

import java.util.Objects;

/**
 * A {@link FloatScale} whose numbers the host loads: widths, and what is built, depend on the
 * envelope alone.
 *
 * @param scale the numbers; its shift and limits are those of the envelope
 * @param envelope what all numbers that may be loaded have in common
 */
public record LoadedScale(FloatScale scale, Envelope envelope) implements Requantizer {
  public LoadedScale {
    Objects.requireNonNull(scale);
    Objects.requireNonNull(envelope);
    if (!envelope.holds(scale)) {
      throw new IllegalArgumentException(scale + " is not within " + envelope);
    }
  }

  /**
   * What all numbers have in common.
   *
   * @param shift of the product
   * @param digits radix-4 digits of a multiplier: it is less than {@code 2^(2 * digits - 1)}
   * @param biasBits of a bias, signed
   * @param low smallest output
   * @param high largest output
   */
  public record Envelope(int shift, int digits, int biasBits, int low, int high) {
    /** Digits that multipliers of so many bits take. */
    public static int digits(int bits) {
      return (bits + 2) / 2;
    }

    /** Bits of a multiplier at most. */
    public int multiplierBits() {
      return 2 * digits - 1;
    }

    /** Bits of the magnitude of a tie that is not limited anyway, wherever zero is. */
    public int magnitudeBits() {
      return Long.SIZE - Long.numberOfLeadingZeros((long) high - low + 1);
    }

    /** Whether a form can be loaded. */
    public boolean holds(FloatScale scale) {
      long most = 1L << biasBits - 1;
      return scale.shift() == shift
          && scale.low() == low
          && scale.high() == high
          && scale.zeroPoint() >= low
          && scale.zeroPoint() <= high
          && scale.biases().stream().allMatch(bias -> bias >= -most && bias < most)
          && scale.multipliers().stream().allMatch(m -> m > 0 && m < 1L << multiplierBits());
    }
  }

  @Override
  public long apply(int channel, long accumulator) {
    return scale.apply(channel, accumulator);
  }

  @Override
  public Requantizer repeated(int times) {
    return new LoadedScale((FloatScale) scale.repeated(times), envelope);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.loadedScale(this);
  }
}
