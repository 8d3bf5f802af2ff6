// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

import dev.etch.compress.recipe.DropPrune;
import dev.etch.compress.recipe.Step;
import dev.etch.compress.training.Optimizer;
import java.util.List;
import java.util.Optional;

/**
 * {@code drop-prune}: random ones of the unimportant weights are pruned, random ones come back.
 *
 * @param density part of its weights that a layer keeps
 * @param layers that keep another part
 * @param part of the training in which masks change; 0.6 if left out
 * @param dropOut probability; 0.5 if left out
 * @param dropIn probability; 0.005 if left out
 * @param epochs of the training in it; 5 if left out
 * @param rate of learning; 0.0003 if left out
 * @param decay of weights; none if left out
 * @param optimizer ADAM, SCALED_ADAM or MOMENTUM; ADAM if left out
 */
record DropPruneLine(
    Double density,
    Optional<List<LayerDensity>> layers,
    Optional<Double> part,
    Optional<Double> dropOut,
    Optional<Double> dropIn,
    Optional<Integer> epochs,
    Optional<Float> rate,
    Optional<Float> decay,
    Optional<Optimizer.Kind> optimizer)
    implements StepLine {
  @Override
  public Step step(RecipeDraft draft) {
    return new DropPrune(
        draft.densities(density, layers),
        part.orElse(0.6),
        dropOut.orElse(0.5),
        dropIn.orElse(0.005),
        Plans.of(epochs, rate, decay, optimizer, Plans.TUNING));
  }

  /** The line that is read as a step. */
  static DropPruneLine of(DropPrune step) {
    return new DropPruneLine(
        step.densities().others(),
        Named.densities(step.densities()),
        Optional.of(step.part()),
        Optional.of(step.dropOut()),
        Optional.of(step.dropIn()),
        Optional.of(step.plan().epochs()),
        Optional.of(step.plan().rate()),
        Plans.decay(step.plan()),
        Plans.optimizer(step.plan()));
  }
}
