// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe;

import dev.etch.compress.prune.Densities;
import dev.etch.compress.training.Optimizer;
import java.util.Objects;

/**
 * What a preset is told.
 *
 * @param densities part of its weights that each layer keeps
 * @param values of a layer's weights, without zero
 * @param epochs of the longest step, at least 1
 * @param rate of learning, of the longest step
 * @param decay of weights while they are pruned: few weights would learn the training set by heart
 * @param splices whether pruned weights may come back
 * @param optimizer of all training
 */
public record Settings(
    Densities densities,
    int values,
    int epochs,
    float rate,
    float decay,
    boolean splices,
    Optimizer.Kind optimizer) {
  public Settings {
    Objects.requireNonNull(densities);
    Objects.requireNonNull(optimizer);
    if (values < 1 || epochs < 1) {
      throw new IllegalArgumentException(values + " values, " + epochs + " epochs");
    }
  }
}
