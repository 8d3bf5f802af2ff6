// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

import dev.etch.compress.recipe.Step;
import dev.etch.compress.recipe.Surgery;
import java.util.List;
import java.util.Optional;

/**
 * {@code surgery}: pruned weights that grow come back.
 *
 * @param density part of its weights that a layer keeps
 * @param layers that keep another part
 * @param pruning part of the training in which their number falls; 0.3 if left out
 * @param splicing part in which masks change; 0.6 if left out
 * @param epochs of the training in it; 5 if left out
 * @param rate of learning; 0.0003 if left out
 * @param decay of weights; none if left out
 */
record SurgeryLine(
    Double density,
    Optional<List<LayerDensity>> layers,
    Optional<Double> pruning,
    Optional<Double> splicing,
    Optional<Integer> epochs,
    Optional<Float> rate,
    Optional<Float> decay)
    implements StepLine {
  @Override
  public Step step(RecipeDraft draft) {
    return new Surgery(
        draft.densities(density, layers),
        pruning.orElse(0.3),
        splicing.orElse(0.6),
        draft.plan(epochs, rate, decay, Plans.TUNING));
  }
}
