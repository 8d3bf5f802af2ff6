// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe;

import dev.etch.compress.network.WeightedLayer;
import dev.etch.compress.prune.Pattern;
import dev.etch.compress.prune.PatternPruning;
import dev.etch.compress.training.Model;
import dev.etch.compress.training.Trainer;
import dev.etch.compress.training.TrainingPlan;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Prunes weights of all layers to a pattern while the rest is trained.
 *
 * @param pattern of what is kept
 * @param byLayer patterns of layers that have another, by their names
 * @param except names of layers that are left as they are
 * @param part of the training in which is pruned, 0 to 1
 * @param plan the training
 */
public record PrunePattern(
    Pattern pattern,
    Map<String, Pattern> byLayer,
    Set<String> except,
    double part,
    TrainingPlan plan)
    implements Step {
  public PrunePattern {
    Objects.requireNonNull(pattern);
    byLayer = Map.copyOf(byLayer);
    except = Set.copyOf(except);
  }

  @Override
  public String title() {
    return pattern.title();
  }

  @Override
  public Model apply(Model model, Trainer trainer, long seed) {
    Map<String, PatternPruning.Array> arrays = new LinkedHashMap<>();
    for (WeightedLayer layer : model.network().layers()) {
      if (!except.contains(layer.name())) {
        Pattern own = byLayer.getOrDefault(layer.name(), pattern);
        arrays.put(layer.weights(), new PatternPruning.Array(own, layer.shape()));
      }
    }
    return trainer.train(title(), model, plan, new PatternPruning(arrays, part), seed);
  }
}
