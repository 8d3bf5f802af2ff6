// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe;

import dev.etch.compress.training.Model;
import dev.etch.compress.training.Trainer;

/** One technique with its settings. Records, so that a recipe can be printed. */
public interface Step {
  /** What it is called in reports. */
  String title();

  /**
   * The model behind it; restrictions of the model hold on.
   *
   * @param seed of all that is random in it
   */
  Model apply(Model model, Trainer trainer, long seed);

  /**
   * What the step does before it trains: a search that only wants a size has no time for more.
   * Steps that are not this short do all.
   */
  default Step untrained() {
    return this;
  }
}
