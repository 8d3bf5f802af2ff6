// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.hardware.WindowUnit;
import dev.etch.hardware.WordSource;
import java.util.Objects;

/** How much hardware one layer gets. */
public record Folding(
    LaneLayout layout,
    WordSource words,
    Buffering buffering,
    ProductForm products,
    RescalingForm rescaling) {
  public Folding {
    Objects.requireNonNull(layout);
    Objects.requireNonNull(words);
    Objects.requireNonNull(buffering);
    Objects.requireNonNull(products);
    Objects.requireNonNull(rescaling);
  }

  /** From read-only memories, with multipliers in the lanes alone. */
  public static Folding plain(LaneLayout layout, Buffering buffering) {
    return new Folding(
        layout, WordSource.ROM, buffering, ProductForm.MULTIPLIERS, RescalingForm.ADDERS);
  }

  /** The same with products made in another way. */
  public Folding withProducts(ProductForm other) {
    return new Folding(layout, words, buffering, other, rescaling);
  }

  /** The same with its words from elsewhere. */
  public Folding withWords(WordSource other) {
    return new Folding(layout, other, buffering, products, rescaling);
  }

  /** The same with other requantizers. */
  public Folding withRescaling(RescalingForm other) {
    return new Folding(layout, words, buffering, products, other);
  }

  /**
   * What became of it: a layer that makes no products has none from adders, and one whose
   * requantizers have no form with a multiplier, or that shares its multipliers, does not scale.
   */
  public Folding asBuilt(WindowUnit unit) {
    boolean scales = unit.requantizer().multipliersEach() > 0;
    return new Folding(
        layout,
        words,
        buffering,
        unit.multipliesInLogic() ? ProductForm.ADDERS : ProductForm.MULTIPLIERS,
        scales ? RescalingForm.MULTIPLIER : RescalingForm.ADDERS);
  }
}
