// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.hardware.Target;
import dev.etch.hardware.requantizer.CentredScale;
import dev.etch.hardware.requantizer.Requantizer;
import java.util.Objects;
import java.util.Optional;

/**
 * The hardware forms of one layer's requantization; they compute the same.
 *
 * @param adders the cheapest without multipliers
 * @param multiplier the cheapest with a multiplier for each element of a beat, if there is one
 */
public record Requantizers(Requantizer adders, Optional<CentredScale> multiplier) {
  public Requantizers {
    Objects.requireNonNull(adders);
    Objects.requireNonNull(multiplier);
  }

  /** Without a choice. */
  public static Requantizers of(Requantizer adders) {
    return new Requantizers(adders, Optional.empty());
  }

  /**
   * The form to build.
   *
   * @param scaling whether multipliers are to be had
   */
  public Requantizer choose(boolean scaling, Target target) {
    Optional<CentredScale> form = multiplier.filter(m -> scaling && target.computes(m));
    return form.isPresent() ? form.get() : adders;
  }
}
