// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.hardware.WindowUnit;
import java.util.Objects;

/** How much hardware one layer gets. */
public record Folding(
    LaneLayout layout, Buffering buffering, ProductForm products, RescalingForm rescaling) {
  public Folding {
    Objects.requireNonNull(layout);
    Objects.requireNonNull(buffering);
    Objects.requireNonNull(products);
    Objects.requireNonNull(rescaling);
  }

  /** With multipliers in the lanes alone. */
  public static Folding plain(LaneLayout layout, Buffering buffering) {
    return new Folding(layout, buffering, ProductForm.MULTIPLIERS, RescalingForm.ADDERS);
  }

  /** The same with products made in another way. */
  public Folding withProducts(ProductForm other) {
    return new Folding(layout, buffering, other, rescaling);
  }

  /** The same with other requantizers. */
  public Folding withRescaling(RescalingForm other) {
    return new Folding(layout, buffering, products, other);
  }

  /**
   * What became of it: a layer that makes no products has none from adders, and one whose
   * requantizers have no form with a multiplier, or that shares its multipliers, does not scale.
   */
  public Folding asBuilt(WindowUnit unit) {
    boolean scales = unit.requantizer().multipliersEach() > 0;
    return new Folding(
        layout,
        buffering,
        unit.multipliesInLogic() ? ProductForm.ADDERS : ProductForm.MULTIPLIERS,
        scales ? RescalingForm.MULTIPLIER : RescalingForm.ADDERS);
  }
}
