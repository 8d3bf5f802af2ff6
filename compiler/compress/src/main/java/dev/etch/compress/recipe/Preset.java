// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe;

import dev.etch.compress.cluster.KMeans;
import dev.etch.compress.training.TrainingPlan;
import java.util.List;
import java.util.Map;

/** Steps that do well together. */
public enum Preset {
  /** The fewest bytes: few weights of few values, taught by the model as it was. */
  SMALL(0.05, 12) {
    @Override
    public List<Step> steps(Settings settings) {
      return List.of(new Fold(), TEACH, prune(settings), cluster(settings));
    }
  },

  /** The fewest products, for hardware that skips zeros: few weights of any values. */
  FAST(0.05, 255) {
    @Override
    public List<Step> steps(Settings settings) {
      return List.of(new Fold(), TEACH, prune(settings));
    }
  },

  /** Little is lost: more weights, of more values. */
  SAFE(0.2, 63) {
    @Override
    public List<Step> steps(Settings settings) {
      return List.of(new Fold(), TEACH, prune(settings), cluster(settings));
    }
  },

  /** Integers for floats, and nothing else: what a data set without labels is enough for. */
  QUANTIZE(1, 65535) {
    @Override
    public List<Step> steps(Settings settings) {
      return List.of(new Fold());
    }
  };

  private static final float TUNING = 0.3f;

  private static final Step TEACH = new Teach(3, 0.5f);

  private final double density;
  private final int sharedValues;

  Preset(double density, int sharedValues) {
    this.density = density;
    this.sharedValues = sharedValues;
  }

  /** Part of the weights that is kept if nothing else is said. */
  public double density() {
    return density;
  }

  /** Values of a layer's weights, without zero, if nothing else is said. */
  public int sharedValues() {
    return sharedValues;
  }

  /** The steps for a trained model. */
  public abstract List<Step> steps(Settings settings);

  private static Step prune(Settings settings) {
    TrainingPlan plan =
        TrainingPlan.adam(settings.epochs(), settings.rate())
            .with(settings.optimizer())
            .withDecay(settings.decay());
    return settings.splices()
        ? new Surgery(settings.densities(), 0.3, 0.6, plan)
        : new Prune(settings.densities(), Prune.Scope.LAYER, 0.5, plan);
  }

  private static Step cluster(Settings settings) {
    TrainingPlan plan =
        TrainingPlan.adam(Math.max(1, settings.epochs() / 4), TUNING * settings.rate())
            .with(settings.optimizer());
    return new Cluster(settings.values(), Map.of(), KMeans.Start.LINEAR, plan);
  }
}
