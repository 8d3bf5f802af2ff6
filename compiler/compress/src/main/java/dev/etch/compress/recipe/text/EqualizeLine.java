// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

import dev.etch.compress.recipe.Equalize;
import dev.etch.compress.recipe.Step;

/** {@code equalize}: channels between layers get weights of like ranges. */
record EqualizeLine() implements StepLine {
  @Override
  public Step step(RecipeDraft draft) {
    return new Equalize();
  }

  @Override
  public boolean restricts() {
    return false;
  }

  /** The line that is read as a step. */
  static EqualizeLine of(Equalize step) {
    return new EqualizeLine();
  }
}
