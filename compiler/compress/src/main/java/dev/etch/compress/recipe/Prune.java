// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe;

import dev.etch.compress.network.Network;
import dev.etch.compress.network.Parameters;
import dev.etch.compress.network.WeightedLayer;
import dev.etch.compress.prune.Densities;
import dev.etch.compress.prune.GradualPruning;
import dev.etch.compress.prune.Magnitudes;
import dev.etch.compress.training.Model;
import dev.etch.compress.training.Trainer;
import dev.etch.compress.training.TrainingPlan;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Prunes weights of small magnitude while the rest is trained.
 *
 * @param densities part that is kept; of all layers together if {@code scope} is global
 * @param scope what weights are compared with
 * @param part of the training in which is pruned, 0 to 1
 * @param plan the training
 */
public record Prune(Densities densities, Scope scope, double part, TrainingPlan plan)
    implements Step {
  /** What a weight is compared with. */
  public enum Scope {
    /** The weights of its layer. */
    LAYER {
      @Override
      Map<String, Integer> counts(Network network, Densities densities) {
        return densities.counts(network);
      }
    },

    /** All weights. */
    GLOBAL {
      @Override
      Map<String, Integer> counts(Network network, Densities densities) {
        Map<String, float[]> weights = new LinkedHashMap<>();
        Parameters parameters = network.parameters();
        network
            .layers()
            .forEach(layer -> weights.put(layer.weights(), parameters.get(layer.weights())));
        long all = network.layers().stream().mapToLong(WeightedLayer::size).sum();
        int count = (int) Math.max(1, Math.round(densities.others() * all));
        return Magnitudes.globalCounts(new Parameters(weights), count);
      }
    };

    abstract Map<String, Integer> counts(Network network, Densities densities);
  }

  @Override
  public String title() {
    return "prune";
  }

  @Override
  public Model apply(Model model, Trainer trainer, long seed) {
    Map<String, Integer> counts = scope.counts(model.network(), densities);
    return trainer.train(title(), model, plan, new GradualPruning(counts, part), seed);
  }
}
