// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

import dev.etch.compress.recipe.Step;
import dev.etch.compress.recipe.Surgery;
import dev.etch.compress.training.Optimizer;
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
 * @param optimizer ADAM, SCALED_ADAM or MOMENTUM; ADAM if left out
 */
record SurgeryLine(
    Double density,
    Optional<List<LayerDensity>> layers,
    Optional<Double> pruning,
    Optional<Double> splicing,
    Optional<Integer> epochs,
    Optional<Float> rate,
    Optional<Float> decay,
    Optional<Optimizer.Kind> optimizer)
    implements StepLine {
  @Override
  public Step step(RecipeDraft draft) {
    return new Surgery(
        draft.densities(density, layers),
        pruning.orElse(0.3),
        splicing.orElse(0.6),
        Plans.of(epochs, rate, decay, optimizer, Plans.TUNING));
  }

  /** The line that is read as a step. */
  static SurgeryLine of(Surgery step) {
    return new SurgeryLine(
        step.densities().others(),
        Named.densities(step.densities()),
        Optional.of(step.pruning()),
        Optional.of(step.splicing()),
        Optional.of(step.plan().epochs()),
        Optional.of(step.plan().rate()),
        Plans.decay(step.plan()),
        Plans.optimizer(step.plan()));
  }
}
