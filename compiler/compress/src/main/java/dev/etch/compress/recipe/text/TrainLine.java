// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

import dev.etch.compress.recipe.Step;
import dev.etch.compress.recipe.Train;
import dev.etch.compress.training.Optimizer;
import java.util.Optional;

/**
 * {@code train}: trains within the restrictions that there are.
 *
 * @param epochs of the training
 * @param rate of learning; 0.001 if left out
 * @param decay of weights; none if left out
 * @param optimizer ADAM, SCALED_ADAM or MOMENTUM; ADAM if left out
 */
record TrainLine(
    Integer epochs, Optional<Float> rate, Optional<Float> decay, Optional<Optimizer.Kind> optimizer)
    implements StepLine {
  @Override
  public Step step(RecipeDraft draft) {
    return new Train(Plans.of(Optional.of(epochs), rate, decay, optimizer, Plans.TRAINING));
  }

  @Override
  public boolean restricts() {
    return false;
  }

  /** The line that is read as a step. */
  static TrainLine of(Train step) {
    return new TrainLine(
        step.plan().epochs(),
        Optional.of(step.plan().rate()),
        Plans.decay(step.plan()),
        Plans.optimizer(step.plan()));
  }
}
