// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

import dev.etch.compress.recipe.PruneSecondOrder;
import dev.etch.compress.recipe.Step;
import dev.etch.compress.training.Optimizer;
import java.util.List;
import java.util.Optional;

/**
 * {@code prune-second-order}: weights are pruned by what their outputs lose.
 *
 * @param density part of its weights that a layer keeps
 * @param layers that keep another part
 * @param items that outputs are measured with; 1000 if left out
 * @param damping part of the mean squared input; 0.01 if left out
 * @param epochs of the training in it; 5 if left out
 * @param rate of learning; 0.0003 if left out
 * @param decay of weights; none if left out
 * @param optimizer ADAM, SCALED_ADAM or MOMENTUM; ADAM if left out
 */
record PruneSecondOrderLine(
    Double density,
    Optional<List<LayerDensity>> layers,
    Optional<Integer> items,
    Optional<Double> damping,
    Optional<Integer> epochs,
    Optional<Float> rate,
    Optional<Float> decay,
    Optional<Optimizer.Kind> optimizer)
    implements StepLine {
  @Override
  public Step step(RecipeDraft draft) {
    return new PruneSecondOrder(
        draft.densities(density, layers),
        items.orElse(1000),
        damping.orElse(0.01),
        Plans.of(epochs, rate, decay, optimizer, Plans.TUNING));
  }

  /** The line that is read as a step. */
  static PruneSecondOrderLine of(PruneSecondOrder step) {
    return new PruneSecondOrderLine(
        step.densities().others(),
        Named.densities(step.densities()),
        Optional.of(step.items()),
        Optional.of(step.damping()),
        Optional.of(step.plan().epochs()),
        Optional.of(step.plan().rate()),
        Plans.decay(step.plan()),
        Plans.optimizer(step.plan()));
  }
}
