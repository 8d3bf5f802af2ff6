// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.lower.Folding;
import dev.etch.schedule.LayerOptions.Option;

/**
 * A layout, and what takes its place where multipliers are short or to spare.
 *
 * @param option the layout
 * @param logic whether products come from adders instead of multipliers
 * @param scaling whether requantizers scale with a multiplier instead of adders
 */
record Variant(Option option, boolean logic, boolean scaling) {
  /** A layout with multipliers in its lanes alone. */
  static Variant plain(Option option) {
    return new Variant(option, false, false);
  }

  /** A complete folding. */
  Folding folding(int inputElements, boolean ahead) {
    return option.folding(inputElements, ahead, logic, scaling);
  }
}
