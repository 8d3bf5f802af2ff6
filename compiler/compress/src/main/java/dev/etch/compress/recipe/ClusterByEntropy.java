// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe;

import dev.etch.compress.cluster.EntropyClusters;
import dev.etch.compress.network.Parameters;
import dev.etch.compress.network.WeightedLayer;
import dev.etch.compress.prune.Mask;
import dev.etch.compress.training.Adjustment;
import dev.etch.compress.training.Model;
import dev.etch.compress.training.Restrictions;
import dev.etch.compress.training.Trainer;
import dev.etch.compress.training.TrainingPlan;

/**
 * Gives the weights of each layer few values that are short when they are coded, and tunes the
 * values.
 *
 * @param values of a layer's weights at most, without zero, 1 to 65535
 * @param price of a bit, as a part of the layer's mean squared weight, 0 or more
 * @param plan the training of the values
 */
public record ClusterByEntropy(int values, double price, TrainingPlan plan) implements Step {
  public ClusterByEntropy {
    if (values < 1 || values > 65535 || !(price >= 0)) {
      throw new IllegalArgumentException(values + " values, a bit for " + price);
    }
  }

  @Override
  public Step untrained() {
    return new ClusterByEntropy(values, price, plan.of(0));
  }

  @Override
  public String title() {
    return "entropy";
  }

  @Override
  public Model apply(Model model, Trainer trainer, long seed) {
    Parameters parameters = model.network().parameters();
    Restrictions restrictions = model.restrictions();
    for (WeightedLayer layer : model.network().layers()) {
      boolean[] kept =
          restrictions
              .find(layer.weights(), Mask.class)
              .orElseGet(() -> Mask.all(layer.size()))
              .kept();
      restrictions =
          restrictions.with(
              layer.weights(),
              EntropyClusters.cluster(parameters.get(layer.weights()), kept, values, price));
    }
    return trainer.train(title(), model.restricted(restrictions), plan, Adjustment.NONE, seed);
  }
}
