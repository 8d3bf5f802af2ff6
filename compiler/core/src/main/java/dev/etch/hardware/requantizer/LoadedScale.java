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
public record LoadedScale(FloatScale scale, ScaleEnvelope envelope) implements Requantizer {
  public LoadedScale {
    Objects.requireNonNull(scale);
    Objects.requireNonNull(envelope);
    boolean holds =
        scale.shift() == envelope.shift()
            && scale.low() == envelope.low()
            && scale.high() == envelope.high()
            && envelope.holds(scale.biases(), scale.multipliers(), scale.zeroPoint());
    if (!holds) {
      throw new IllegalArgumentException(scale + " is not within " + envelope);
    }
  }

  @Override
  public long apply(int channel, long accumulator) {
    return scale.apply(channel, accumulator);
  }

  @Override
  public boolean loads() {
    return true;
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
