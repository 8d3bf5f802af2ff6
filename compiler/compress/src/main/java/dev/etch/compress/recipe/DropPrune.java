// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe;

import dev.etch.compress.prune.Densities;
import dev.etch.compress.prune.DropPruning;
import dev.etch.compress.training.Model;
import dev.etch.compress.training.Trainer;
import dev.etch.compress.training.TrainingPlan;

/**
 * Prunes random ones of the unimportant weights, and brings random ones of those back, while the
 * rest is trained.
 *
 * @param densities part of its weights that each layer keeps
 * @param part of the training in which masks change, 0 to 1
 * @param dropOut probability that an unimportant weight is dropped, above 0 to 1
 * @param dropIn probability that a dropped weight comes back, 0 or more and below 1
 * @param plan the training
 */
public record DropPrune(
    Densities densities, double part, double dropOut, double dropIn, TrainingPlan plan)
    implements Step {
  @Override
  public String title() {
    return "drop";
  }

  @Override
  public Model apply(Model model, Trainer trainer, long seed) {
    DropPruning pruning =
        new DropPruning(densities.counts(model.network()), part, dropOut, dropIn, seed);
    return trainer.train(title(), model, plan, pruning, seed);
  }
}
