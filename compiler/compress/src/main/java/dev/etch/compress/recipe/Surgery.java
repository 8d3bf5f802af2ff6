// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe;

import dev.etch.compress.prune.Densities;
import dev.etch.compress.prune.DynamicSurgery;
import dev.etch.compress.training.Model;
import dev.etch.compress.training.Trainer;
import dev.etch.compress.training.TrainingPlan;

/**
 * Prunes weights and splices those in again that turn out to be needed, while the rest is trained.
 *
 * @param densities part of its weights that each layer keeps
 * @param pruning part of the training in which their number falls, 0 to 1
 * @param splicing part of the training in which masks change, at least {@code pruning}
 * @param plan the training
 */
public record Surgery(Densities densities, double pruning, double splicing, TrainingPlan plan)
    implements Step {
  @Override
  public String title() {
    return "surgery";
  }

  @Override
  public Model apply(Model model, Trainer trainer, long seed) {
    DynamicSurgery surgery =
        new DynamicSurgery(densities.counts(model.network()), pruning, splicing, seed);
    return trainer.train(title(), model, plan, surgery, seed);
  }
}
