// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe;

import dev.etch.compress.prune.ChannelRemoval;
import dev.etch.compress.prune.Densities;
import dev.etch.compress.prune.Mask;
import dev.etch.compress.training.Adjustment;
import dev.etch.compress.training.Model;
import dev.etch.compress.training.Restriction;
import dev.etch.compress.training.Restrictions;
import dev.etch.compress.training.Trainer;
import dev.etch.compress.training.TrainingPlan;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import java.util.List;
import java.util.Map;

/**
 * Removes the channels of least weights from the network, and trains what is left. Masks of weights
 * that stay hold on; values that are shared or rounded do not yet, so it stands in front of steps
 * that make them.
 *
 * @param densities part of its channels that each layer keeps
 * @param plan the training
 */
public record PruneChannels(Densities densities, TrainingPlan plan) implements Step {
  @Override
  public String title() {
    return "channels";
  }

  @Override
  public Model apply(Model model, Trainer trainer, long seed) {
    ChannelRemoval removal = ChannelRemoval.smallest(model.network(), densities);
    Restrictions restrictions = Restrictions.NONE;
    for (Map.Entry<String, List<Restriction>> entry : model.restrictions().byName().entrySet()) {
      for (Restriction restriction : entry.getValue()) {
        if (!(restriction instanceof Mask mask)) {
          throw new DiagnosticException(
              Location.option("channels"),
              "channels cannot be removed when weights are shared or rounded already",
              "remove them in an earlier step");
        }
        int[] kept = removal.kept().get(entry.getKey());
        restrictions = restrictions.with(entry.getKey(), kept == null ? mask : mask.of(kept));
      }
    }
    Model left = new Model(removal.network(), restrictions, model.teacher());
    return trainer.train(title(), left, plan, Adjustment.NONE, seed);
  }
}
