// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe;

import dev.etch.compress.cluster.CirculantBlocks;
import dev.etch.compress.network.WeightedLayer;
import dev.etch.compress.prune.Mask;
import dev.etch.compress.training.Adjustment;
import dev.etch.compress.training.Model;
import dev.etch.compress.training.Restrictions;
import dev.etch.compress.training.Trainer;
import dev.etch.compress.training.TrainingPlan;
import dev.etch.op.Dense;
import java.util.Set;

/**
 * Makes the matrices of dense layers blocks that are circulant, and trains them so.
 *
 * @param size rows and columns of a block, at least 2
 * @param except names of layers that are left as they are
 * @param plan the training
 */
public record MakeCirculant(int size, Set<String> except, TrainingPlan plan) implements Step {
  public MakeCirculant {
    except = Set.copyOf(except);
    if (size < 2) {
      throw new IllegalArgumentException("blocks of " + size);
    }
  }

  @Override
  public String title() {
    return "circulant";
  }

  @Override
  public Model apply(Model model, Trainer trainer, long seed) {
    Restrictions restrictions = model.restrictions();
    for (WeightedLayer layer : model.network().layers()) {
      if (layer.node().op() instanceof Dense && !except.contains(layer.name())) {
        boolean[] kept =
            restrictions
                .find(layer.weights(), Mask.class)
                .orElseGet(() -> Mask.all(layer.size()))
                .kept();
        int inputs = layer.shape().dimension(1);
        restrictions = restrictions.with(layer.weights(), CirculantBlocks.of(inputs, size, kept));
      }
    }
    return trainer.train(title(), model.restricted(restrictions), plan, Adjustment.NONE, seed);
  }
}
