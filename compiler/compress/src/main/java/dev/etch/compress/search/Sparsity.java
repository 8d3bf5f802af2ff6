// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.search;

import dev.etch.compress.prune.Blocks;
import dev.etch.compress.prune.Pattern;
import dev.etch.compress.recipe.PrunePattern;
import dev.etch.compress.training.TrainingPlan;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * How much of each layer stays.
 *
 * @param rows neighbouring outputs whose weights are pruned together: their lanes can share
 *     addresses, and one copy of the window
 * @param densities part of each layer's weights that stays, above 0 to 1, by its name
 */
public record Sparsity(int rows, Map<String, Double> densities) {
  public Sparsity {
    densities = Map.copyOf(densities);
  }

  /** The same with another density of a layer. */
  Sparsity with(String layer, double density) {
    Map<String, Double> others = new LinkedHashMap<>(densities);
    others.put(layer, density);
    return new Sparsity(rows, others);
  }

  /**
   * The step that prunes to it.
   *
   * @param part of the training in which is pruned, 0 to 1
   */
  public PrunePattern step(double part, TrainingPlan plan) {
    Map<String, Pattern> patterns = new LinkedHashMap<>();
    densities.forEach((layer, density) -> patterns.put(layer, new Blocks(rows, 1, density)));
    return new PrunePattern(new Blocks(rows, 1, 1), patterns, Set.of(), part, plan);
  }
}
