// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.hardware.WindowUnit;
import dev.etch.hardware.WordSource;
import java.util.Objects;
import java.util.Optional;

/**
 * How much hardware one layer gets.
 *
 * @param steps of a schedule that the host loads; empty leaves it to the headroom
 */
public record Folding(
    LaneLayout layout,
    WordSource words,
    Optional<Integer> steps,
    Buffering buffering,
    ProductForm products,
    RescalingForm rescaling) {
  public Folding {
    Objects.requireNonNull(layout);
    Objects.requireNonNull(words);
    if (steps.isPresent() && words != WordSource.LOADED) {
      throw new IllegalArgumentException("only words that are loaded have a number of steps");
    }
    if (steps.isPresent() && steps.get() < 1) {
      throw new IllegalArgumentException("a schedule has at least 1 step");
    }
    Objects.requireNonNull(buffering);
    Objects.requireNonNull(products);
    Objects.requireNonNull(rescaling);
  }

  /** From read-only memories, with multipliers in the lanes alone. */
  public static Folding plain(LaneLayout layout, Buffering buffering) {
    return new Folding(
        layout,
        WordSource.ROM,
        Optional.empty(),
        buffering,
        ProductForm.MULTIPLIERS,
        RescalingForm.ADDERS);
  }

  /** The same with products made in another way. */
  public Folding withProducts(ProductForm other) {
    return new Folding(layout, words, steps, buffering, other, rescaling);
  }

  /** The same with its words from elsewhere. */
  public Folding withWords(WordSource other) {
    return new Folding(layout, other, Optional.empty(), buffering, products, rescaling);
  }

  /** The same with other requantizers. */
  public Folding withRescaling(RescalingForm other) {
    return new Folding(layout, words, steps, buffering, products, other);
  }

  /**
   * What became of it: a layer that makes no products has none from adders, and one whose
   * requantizers have no form with a multiplier, or that shares its multipliers, does not scale.
   */
  public Folding asBuilt(WindowUnit unit) {
    boolean scales = unit.requantizer().multipliersEach() > 0;
    boolean loads = unit.program().loadsSchedule();
    return new Folding(
        layout,
        words,
        loads ? Optional.of(unit.program().steps()) : Optional.empty(),
        buffering,
        unit.multipliesInLogic() ? ProductForm.ADDERS : ProductForm.MULTIPLIERS,
        scales ? RescalingForm.MULTIPLIER : RescalingForm.ADDERS);
  }
}
