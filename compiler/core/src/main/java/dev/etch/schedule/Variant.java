// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.WordSource;
import dev.etch.lower.Buffering;
import dev.etch.lower.Folding;
import dev.etch.lower.ProductForm;
import dev.etch.lower.RescalingForm;
import dev.etch.lower.WindowLayer;
import dev.etch.schedule.LayerOptions.Option;
import java.util.Optional;

/**
 * A layout, and what takes its place where multipliers are short or to spare.
 *
 * @param option the layout
 * @param coded whether lanes of a matrix read their words in coded form
 * @param banked whether copies of lanes read from banks, if they can
 */
record Variant(
    Option option, boolean coded, boolean banked, ProductForm products, RescalingForm rescaling) {
  /** A layout with multipliers in its lanes alone. */
  static Variant plain(Option option) {
    return new Variant(option, false, false, ProductForm.MULTIPLIERS, RescalingForm.ADDERS);
  }

  /** The same with banks. */
  Variant withBanks() {
    return new Variant(option, coded, true, products, rescaling);
  }

  /** The same with words of a matrix in coded form, or not. */
  Variant withCode(boolean other) {
    return new Variant(option, other, banked, products, rescaling);
  }

  /** A complete folding of a layer. */
  Folding folding(WindowLayer layer, Buffering buffering) {
    int elements = buffering.inputElements();
    boolean banks = banked && layer.canBank(option.layout(), elements);
    return new Folding(
        option.layout(),
        coded ? WordSource.CODED : layer.words(option.layout()),
        Optional.empty(),
        new Buffering(elements, buffering.ahead(), banks),
        products,
        rescaling);
  }
}
