// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

import dev.etch.compress.recipe.ShareSoftly;
import dev.etch.compress.recipe.Step;
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
 */
record ShareSoftlyLine(
    Integer values,
    Optional<Double> zeros,
    Optional<Double> strength,
    Optional<Integer> epochs,
    Optional<Float> rate,
    Optional<Float> decay)
    implements StepLine {
  @Override
  public Step step(RecipeDraft draft) {
    return new ShareSoftly(
        values,
        zeros.orElse(0.9),
        strength.orElse(0.005),
        draft.plan(epochs, rate, decay, Plans.TUNING));
  }
}
