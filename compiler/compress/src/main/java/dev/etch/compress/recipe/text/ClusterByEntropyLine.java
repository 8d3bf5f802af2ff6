// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

import dev.etch.compress.recipe.ClusterByEntropy;
import dev.etch.compress.recipe.Step;
import dev.etch.compress.training.Optimizer;
import java.util.Optional;

/**
 * {@code cluster-by-entropy}: the same with values whose numbers are short when coded.
 *
 * @param values of a layer at most, without zero
 * @param price of a bit, as a part of the mean squared weight; 0.03 if left out
 * @param epochs of the training in it; 5 if left out
 * @param rate of learning; 0.0003 if left out
 * @param decay of weights; none if left out
 * @param optimizer ADAM, SCALED_ADAM or MOMENTUM; ADAM if left out
 */
record ClusterByEntropyLine(
    Integer values,
    Optional<Double> price,
    Optional<Integer> epochs,
    Optional<Float> rate,
    Optional<Float> decay,
    Optional<Optimizer.Kind> optimizer)
    implements StepLine {
  @Override
  public Step step(RecipeDraft draft) {
    return new ClusterByEntropy(
        values, price.orElse(0.03), Plans.of(epochs, rate, decay, optimizer, Plans.TUNING));
  }

  /** The line that is read as a step. */
  static ClusterByEntropyLine of(ClusterByEntropy step) {
    return new ClusterByEntropyLine(
        step.values(),
        Optional.of(step.price()),
        Optional.of(step.plan().epochs()),
        Optional.of(step.plan().rate()),
        Plans.decay(step.plan()),
        Plans.optimizer(step.plan()));
  }
}
