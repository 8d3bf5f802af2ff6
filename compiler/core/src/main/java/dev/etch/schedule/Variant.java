// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.WordSource;
import dev.etch.lower.Buffering;
import dev.etch.lower.Folding;
import dev.etch.lower.ProductForm;
import dev.etch.lower.RescalingForm;
import dev.etch.schedule.LayerOptions.Option;

/**
 * A layout, and what takes its place where multipliers are short or to spare.
 *
 * @param option the layout
 */
record Variant(Option option, ProductForm products, RescalingForm rescaling) {
  /** A layout with multipliers in its lanes alone. */
  static Variant plain(Option option) {
    return new Variant(option, ProductForm.MULTIPLIERS, RescalingForm.ADDERS);
  }

  /** A complete folding. */
  Folding folding(Buffering buffering) {
    return new Folding(option.layout(), WordSource.ROM, buffering, products, rescaling);
  }
}
