// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

import dev.etch.compress.recipe.Step;
import dev.etch.compress.recipe.Train;
import java.util.Optional;

/**
 * {@code train}: trains within the restrictions that there are.
 *
 * @param epochs of the training
 * @param rate of learning; 0.001 if left out
 * @param decay of weights; none if left out
 */
record TrainLine(Integer epochs, Optional<Float> rate, Optional<Float> decay) implements StepLine {
  @Override
  public Step step(RecipeDraft draft) {
    return new Train(draft.plan(Optional.of(epochs), rate, decay, Plans.TRAINING));
  }

  @Override
  public boolean restricts() {
    return false;
  }
}
