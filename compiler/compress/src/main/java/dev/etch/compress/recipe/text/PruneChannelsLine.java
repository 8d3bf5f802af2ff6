// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

import dev.etch.compress.recipe.PruneChannels;
import dev.etch.compress.recipe.Step;
import dev.etch.compress.training.Optimizer;
import java.util.List;
import java.util.Optional;

/**
 * {@code prune-channels}: channels are removed from the network.
 *
 * @param density part of its weights that a layer keeps
 * @param layers that keep another part
 * @param epochs of the training in it; 5 if left out
 * @param rate of learning; 0.0003 if left out
 * @param decay of weights; none if left out
 * @param optimizer ADAM, SCALED_ADAM or MOMENTUM; ADAM if left out
 */
record PruneChannelsLine(
    Double density,
    Optional<List<LayerDensity>> layers,
    Optional<Integer> epochs,
    Optional<Float> rate,
    Optional<Float> decay,
    Optional<Optimizer.Kind> optimizer)
    implements StepLine {
  @Override
  public Step step(RecipeDraft draft) {
    return new PruneChannels(
        draft.densities(density, layers), Plans.of(epochs, rate, decay, optimizer, Plans.TUNING));
  }

  /** The line that is read as a step. */
  static PruneChannelsLine of(PruneChannels step) {
    return new PruneChannelsLine(
        step.densities().others(),
        Named.densities(step.densities()),
        Optional.of(step.plan().epochs()),
        Optional.of(step.plan().rate()),
        Plans.decay(step.plan()),
        Plans.optimizer(step.plan()));
  }
}
