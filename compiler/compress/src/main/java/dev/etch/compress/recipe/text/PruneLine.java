// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

import dev.etch.compress.recipe.Prune;
import dev.etch.compress.recipe.Step;
import dev.etch.compress.training.Optimizer;
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
 * @param optimizer ADAM, SCALED_ADAM or MOMENTUM; ADAM if left out
 */
record PruneLine(
    Double density,
    Optional<List<LayerDensity>> layers,
    Optional<Prune.Scope> scope,
    Optional<Double> part,
    Optional<Integer> epochs,
    Optional<Float> rate,
    Optional<Float> decay,
    Optional<Optimizer.Kind> optimizer)
    implements StepLine {
  @Override
  public Step step(RecipeDraft draft) {
    return new Prune(
        draft.densities(density, layers),
        scope.orElse(Prune.Scope.LAYER),
        part.orElse(0.5),
        Plans.of(epochs, rate, decay, optimizer, Plans.TUNING));
  }

  /** The line that is read as a step. */
  static PruneLine of(Prune step) {
    return new PruneLine(
        step.densities().others(),
        Named.densities(step.densities()),
        Optional.of(step.scope()),
        Optional.of(step.part()),
        Optional.of(step.plan().epochs()),
        Optional.of(step.plan().rate()),
        Plans.decay(step.plan()),
        Plans.optimizer(step.plan()));
  }
}
