// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe;

import dev.etch.compress.network.InputProducts;
import dev.etch.compress.network.Parameters;
import dev.etch.compress.prune.Densities;
import dev.etch.compress.prune.OptimalSurgeon;
import dev.etch.compress.training.Adjustment;
import dev.etch.compress.training.Items;
import dev.etch.compress.training.Model;
import dev.etch.compress.training.Restrictions;
import dev.etch.compress.training.Trainer;
import dev.etch.compress.training.TrainingPlan;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.TensorType;
import java.util.HashMap;
import java.util.Map;

/**
 * Prunes all at once what changes the outputs of each layer least, moves the other weights so that
 * they make up for it, and trains what is left. Labels are not needed, if it is not trained.
 *
 * @param densities part of its weights that each layer keeps
 * @param items of the training set that outputs are measured with, at least 1
 * @param damping part of the mean squared input that is added to each, above 0
 * @param plan the training; of 0 epochs there is none
 */
public record PruneSecondOrder(Densities densities, int items, double damping, TrainingPlan plan)
    implements Step {
  public PruneSecondOrder {
    if (items < 1 || !(damping > 0)) {
      throw new IllegalArgumentException(items + " items, damping " + damping);
    }
  }

  @Override
  public String title() {
    return "surgeon";
  }

  @Override
  public Model apply(Model model, Trainer trainer, long seed) {
    Items set = trainer.items();
    TensorType input = model.network().input().type();
    Map<String, InputProducts> products =
        InputProducts.of(
            model.network(),
            Math.min(items, set.count()),
            item -> new FloatTensor(input, set.item(item)));
    Parameters parameters = model.network().parameters();
    Map<String, float[]> moved = new HashMap<>();
    Restrictions restrictions = model.restrictions();
    for (Map.Entry<String, Integer> count : densities.counts(model.network()).entrySet()) {
      String name = count.getKey();
      OptimalSurgeon pruned =
          OptimalSurgeon.prune(parameters.get(name), products.get(name), count.getValue(), damping);
      moved.put(name, pruned.weights());
      restrictions = restrictions.with(name, pruned.mask());
    }
    Model pruned =
        new Model(model.network().with(new Parameters(moved)), restrictions, model.teacher())
            .restricted(restrictions);
    return trainer.train(title(), pruned, plan, Adjustment.NONE, seed);
  }
}
