// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

import dev.etch.compress.recipe.Fold;
import dev.etch.compress.recipe.Step;

/** {@code fold}: batch normalizations become part of weights. */
record FoldLine() implements StepLine {
  @Override
  public Step step(RecipeDraft draft) {
    return new Fold();
  }

  @Override
  public boolean restricts() {
    return false;
  }

  /** The line that is read as a step. */
  static FoldLine of(Fold step) {
    return new FoldLine();
  }
}
