// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe;

import dev.etch.compress.cluster.KMeans;
import dev.etch.compress.network.Parameters;
import dev.etch.compress.network.WeightedLayer;
import dev.etch.compress.prune.Mask;
import dev.etch.compress.training.Adjustment;
import dev.etch.compress.training.Model;
import dev.etch.compress.training.Restrictions;
import dev.etch.compress.training.Trainer;
import dev.etch.compress.training.TrainingPlan;
import java.util.Map;
import java.util.Objects;

/**
 * Gives the weights of each layer few values, and tunes the values.
 *
 * @param values of the weights of layers that are not named, without zero, 1 to 65535
 * @param valuesByLayer by the names of layers
 * @param start where k-means begins
 * @param plan the training of the values
 */
public record Cluster(
    int values, Map<String, Integer> valuesByLayer, KMeans.Start start, TrainingPlan plan)
    implements Step {
  public Cluster {
    valuesByLayer = Map.copyOf(valuesByLayer);
    Objects.requireNonNull(start);
    require(values);
    valuesByLayer.values().forEach(Cluster::require);
  }

  @Override
  public Step untrained() {
    return new Cluster(values, valuesByLayer, start, plan.of(0));
  }

  private static void require(int values) {
    if (values < 1 || values > 65535) {
      throw new IllegalArgumentException(values + " values");
    }
  }

  @Override
  public String title() {
    return "cluster";
  }

  @Override
  public Model apply(Model model, Trainer trainer, long seed) {
    Parameters parameters = model.network().parameters();
    Restrictions restrictions = model.restrictions();
    for (WeightedLayer layer : model.network().layers()) {
      int count = valuesByLayer.getOrDefault(layer.name(), values);
      float[] weights = parameters.get(layer.weights());
      boolean[] kept =
          restrictions
              .find(layer.weights(), Mask.class)
              .orElseGet(() -> Mask.all(weights.length))
              .kept();
      restrictions =
          restrictions.with(layer.weights(), KMeans.cluster(weights, kept, count, start, seed));
    }
    return trainer.train(title(), model.restricted(restrictions), plan, Adjustment.NONE, seed);
  }
}
