// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.prune;

import dev.etch.compress.network.Parameters;
import dev.etch.compress.training.Adjustment;
import dev.etch.compress.training.Restrictions;
import java.util.Map;

/**
 * Prunes by magnitude in the first part of a training, quickly at first and ever more slowly: what
 * is left to prune falls with the cube of the time left. Source: M. Zhu, S. Gupta, To Prune, or Not
 * to Prune, 2017. Weights that are pruned stay so.
 *
 * @param counts weights that are kept in the end, by the names of their constants
 * @param part of the training in which is pruned, 0 to 1; with 0, all at once before it
 */
public record GradualPruning(Map<String, Integer> counts, double part) implements Adjustment {
  private static final int EVERY = 50;

  public GradualPruning {
    counts = Map.copyOf(counts);
  }

  @Override
  public Restrictions before(int step, int steps, Parameters free, Restrictions current) {
    double end = part * steps;
    if (step % EVERY != 0 && step < end) {
      return current;
    }
    if (step >= end + EVERY && step < steps) {
      return current;
    }
    double left = step >= end ? 0 : Math.pow(1 - step / end, 3);
    Restrictions result = current;
    for (String name : free.names()) {
      if (counts.containsKey(name)) {
        result = result.with(name, mask(name, free.get(name), left, current));
      }
    }
    return result;
  }

  private Mask mask(String name, float[] weights, double left, Restrictions current) {
    float[] allowed =
        current.find(name, Mask.class).map(mask -> mask.restrict(weights)).orElse(weights);
    int before = current.find(name, Mask.class).map(Mask::count).orElse(weights.length);
    int target = counts.get(name);
    int count = (int) Math.round(target + (weights.length - target) * left);
    return Magnitudes.largest(allowed, Math.min(before, count));
  }
}
