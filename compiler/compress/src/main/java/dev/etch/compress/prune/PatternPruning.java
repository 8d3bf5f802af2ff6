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
 * @param arrays weights that are pruned, by the names of their constants
 * @param part of the training in which is pruned, 0 to 1; with 0, all at once before it
 */
public record PatternPruning(Map<String, Array> arrays, double part) implements Adjustment {
  private static final int EVERY = 50;

  /**
   * Weights of a layer.
   *
   * @param pattern of what is kept in the end
   * @param shape [outputs, ...]
   */
  public record Array(Pattern pattern, Shape shape) {}

  public PatternPruning {
    arrays = Map.copyOf(arrays);
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
      Array array = arrays.get(name);
      if (array != null) {
        Mask mask = array.pattern().mask(allowed.get(name), array.shape(), left);
        result = result.with(name, current.find(name, Mask.class).map(mask::and).orElse(mask));
      }
    }
    return result;
  }
}
