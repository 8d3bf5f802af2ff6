// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe;

import dev.etch.compress.training.Adjustment;
import dev.etch.compress.training.Model;
import dev.etch.compress.training.Trainer;
import dev.etch.compress.training.TrainingPlan;

/** Trains within the restrictions that there are: from the beginning, or to tune what is left. */
public record Train(TrainingPlan plan) implements Step {
  @Override
  public String title() {
    return "train";
  }

  @Override
  public Model apply(Model model, Trainer trainer, long seed) {
    return trainer.train(title(), model, plan, Adjustment.NONE, seed);
  }
}
