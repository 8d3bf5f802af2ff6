// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

import dev.etch.compress.recipe.Prune;
import dev.etch.compress.recipe.Step;
import java.util.List;
import java.util.Optional;

/**
 * {@code prune}: small weights are pruned gradually.
 *
 * @param density part of its weights that a layer keeps
 * @param layers that keep another part
 * @param scope LAYER or GLOBAL; LAYER if left out
 * @param part of the training in which is pruned; 0.5 if left out
 * @param epochs of the training in it; 5 if left out
 * @param rate of learning; 0.0003 if left out
 * @param decay of weights; none if left out
 */
record PruneLine(
    Double density,
    Optional<List<LayerDensity>> layers,
    Optional<Prune.Scope> scope,
    Optional<Double> part,
    Optional<Integer> epochs,
    Optional<Float> rate,
    Optional<Float> decay)
    implements StepLine {
  @Override
  public Step step(RecipeDraft draft) {
    return new Prune(
        draft.densities(density, layers),
        scope.orElse(Prune.Scope.LAYER),
        part.orElse(0.5),
        draft.plan(epochs, rate, decay, Plans.TUNING));
  }
}
