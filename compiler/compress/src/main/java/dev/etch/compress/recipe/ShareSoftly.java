// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe;

import dev.etch.compress.cluster.SoftClusters;
import dev.etch.compress.network.WeightedLayer;
import dev.etch.compress.training.Model;
import dev.etch.compress.training.Trainer;
import dev.etch.compress.training.TrainingPlan;
import java.util.stream.Collectors;

/**
 * Draws weights to few values and to zero while they are trained: pruning and clustering at once.
 *
 * @param values of a layer's weights at most, without zero
 * @param zeros share of weights that are expected to be zero, above 0 and below 1
 * @param strength by which they are drawn, over the number of items; 0.005 in the source
 * @param plan the training
 */
public record ShareSoftly(int values, double zeros, double strength, TrainingPlan plan)
    implements Step {
  @Override
  public String title() {
    return "soft";
  }

  @Override
  public Model apply(Model model, Trainer trainer, long seed) {
    SoftClusters clusters =
        new SoftClusters(
            model.network().layers().stream()
                .map(WeightedLayer::weights)
                .collect(Collectors.toSet()),
            values,
            zeros,
            strength / trainer.items().count());
    return trainer.train(title(), model, plan, clusters, seed);
  }
}
