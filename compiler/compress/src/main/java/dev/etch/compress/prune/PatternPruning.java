// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.prune;

import dev.etch.compress.network.Parameters;
import dev.etch.compress.training.Adjustment;
import dev.etch.compress.training.Restrictions;
import dev.etch.tensor.Shape;
import java.util.Map;

/**
 * Prunes to a pattern in the first part of a training, as {@link GradualPruning} does to a number
 * of weights. Weights that are pruned stay so.
 *
 * @param pattern of what is kept in the end
 * @param shapes of the weights that are pruned, by the names of their constants
 * @param part of the training in which is pruned, 0 to 1; with 0, all at once before it
 */
public record PatternPruning(Pattern pattern, Map<String, Shape> shapes, double part)
    implements Adjustment {
  private static final int EVERY = 50;

  public PatternPruning {
    shapes = Map.copyOf(shapes);
  }

  @Override
  public Restrictions before(int step, int steps, Parameters free, Restrictions current) {
    double end = part * steps;
    boolean changes = step < end ? step % EVERY == 0 : step < end + 1 || step == steps;
    if (!changes) {
      return current;
    }
    double left = step >= end ? 0 : Math.pow(1 - step / end, 3);
    Parameters allowed = current.restrict(free);
    Restrictions result = current;
    for (String name : free.names()) {
      if (shapes.containsKey(name)) {
        Mask mask = pattern.mask(allowed.get(name), shapes.get(name), left);
        result = result.with(name, current.find(name, Mask.class).map(mask::and).orElse(mask));
      }
    }
    return result;
  }
}
