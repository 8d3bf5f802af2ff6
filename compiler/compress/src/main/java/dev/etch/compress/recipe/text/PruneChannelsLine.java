// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

import dev.etch.compress.recipe.PruneChannels;
import dev.etch.compress.recipe.Step;
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
 */
record PruneChannelsLine(
    Double density,
    Optional<List<LayerDensity>> layers,
    Optional<Integer> epochs,
    Optional<Float> rate,
    Optional<Float> decay)
    implements StepLine {
  @Override
  public Step step(RecipeDraft draft) {
    return new PruneChannels(
        draft.densities(density, layers), draft.plan(epochs, rate, decay, Plans.TUNING));
  }
}
