// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

import dev.etch.compress.recipe.RoundWeights;
import dev.etch.compress.recipe.Step;
import java.util.Optional;

/**
 * {@code round-weights}: weights are rounded up or down by what that does to outputs, without
 * labels.
 *
 * @param items that inputs are measured with; 1000 if left out
 * @param adapts else they are rounded to the nearest, and biases are corrected; true if left out
 */
record RoundWeightsLine(Optional<Integer> items, Optional<Boolean> adapts) implements StepLine {
  @Override
  public Step step(RecipeDraft draft) {
    return new RoundWeights(draft.quantization(), items.orElse(1000), adapts.orElse(true));
  }

  /** The line that is read as a step. */
  static RoundWeightsLine of(RoundWeights step) {
    return new RoundWeightsLine(Optional.of(step.items()), Optional.of(step.adapts()));
  }
}
