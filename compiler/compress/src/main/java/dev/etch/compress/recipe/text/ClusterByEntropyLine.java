// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

import dev.etch.compress.recipe.ClusterByEntropy;
import dev.etch.compress.recipe.Step;
import java.util.Optional;

/**
 * {@code cluster-by-entropy}: the same with values whose numbers are short when coded.
 *
 * @param values of a layer at most, without zero
 * @param price of a bit, as a part of the mean squared weight; 0.03 if left out
 * @param epochs of the training in it; 5 if left out
 * @param rate of learning; 0.0003 if left out
 * @param decay of weights; none if left out
 */
record ClusterByEntropyLine(
    Integer values,
    Optional<Double> price,
    Optional<Integer> epochs,
    Optional<Float> rate,
    Optional<Float> decay)
    implements StepLine {
  @Override
  public Step step(RecipeDraft draft) {
    return new ClusterByEntropy(
        values, price.orElse(0.03), draft.plan(epochs, rate, decay, Plans.TUNING));
  }
}
