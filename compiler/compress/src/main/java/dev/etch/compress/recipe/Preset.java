// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe;

import dev.etch.compress.cluster.KMeans;
import dev.etch.compress.training.TrainingPlan;
import java.util.List;
import java.util.Map;

/** Steps that do well together. */
public enum Preset {
  /** The fewest bytes: surgery, then few values, both tuned for long. */
  SMALL {
    @Override
    public List<Step> steps(Settings settings) {
      return List.of(
          new Surgery(settings.densities(), 0.3, 0.6, pruning(settings)), cluster(settings));
    }
  },

  /** The fewest products: pruning alone, for hardware that skips zeros. */
  FAST {
    @Override
    public List<Step> steps(Settings settings) {
      return List.of(prune(settings));
    }
  },

  /** Pruning and many values: little is lost. */
  SAFE {
    @Override
    public List<Step> steps(Settings settings) {
      return List.of(prune(settings), cluster(settings));
    }
  };

  private static Step prune(Settings settings) {
    return new Prune(settings.densities(), Prune.Scope.LAYER, 0.5, pruning(settings));
  }

  private static TrainingPlan pruning(Settings settings) {
    return TrainingPlan.adam(settings.epochs(), 1e-3f).withDecay(settings.decay());
  }

  private static Step cluster(Settings settings) {
    TrainingPlan plan = TrainingPlan.adam(Math.max(1, settings.epochs() / 4), 3e-4f);
    return new Cluster(settings.values(), Map.of(), KMeans.Start.LINEAR, plan);
  }

  /** The steps for a trained model. */
  public abstract List<Step> steps(Settings settings);
}
