// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

import dev.etch.compress.recipe.ShareSoftly;
import dev.etch.compress.recipe.Step;
import dev.etch.compress.training.Optimizer;
import java.util.Optional;

/**
 * {@code share-softly}: weights are drawn to few values and zero.
 *
 * @param values of a layer at most, without zero
 * @param zeros share that is expected to be zero; 0.9 if left out
 * @param strength 0.005 if left out
 * @param epochs of the training in it; 5 if left out
 * @param rate of learning; 0.0003 if left out
 * @param decay of weights; none if left out
 * @param optimizer ADAM, SCALED_ADAM or MOMENTUM; ADAM if left out
 */
record ShareSoftlyLine(
    Integer values,
    Optional<Double> zeros,
    Optional<Double> strength,
    Optional<Integer> epochs,
    Optional<Float> rate,
    Optional<Float> decay,
    Optional<Optimizer.Kind> optimizer)
    implements StepLine {
  @Override
  public Step step(RecipeDraft draft) {
    return new ShareSoftly(
        values,
        zeros.orElse(0.9),
        strength.orElse(0.005),
        Plans.of(epochs, rate, decay, optimizer, Plans.TUNING));
  }

  /** The line that is read as a step. */
  static ShareSoftlyLine of(ShareSoftly step) {
    return new ShareSoftlyLine(
        step.values(),
        Optional.of(step.zeros()),
        Optional.of(step.strength()),
        Optional.of(step.plan().epochs()),
        Optional.of(step.plan().rate()),
        Plans.decay(step.plan()),
        Plans.optimizer(step.plan()));
  }
}
