// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.cluster;

import dev.etch.compress.network.Parameters;
import dev.etch.compress.prune.Mask;
import dev.etch.compress.training.Adjustment;
import dev.etch.compress.training.Restrictions;
import java.util.Set;

/**
 * Draws weights to mixtures that follow them, one a layer, by a step of expectation maximization
 * every so often. In the end, weights of the component of 0 are pruned, and those of each other
 * component become equal. The source trains the mixture by gradients as well; to fit it to the
 * weights is the same minimum without rates of its own.
 *
 * @param names of the constants of weights
 * @param components of each mixture without that of 0, at least 1
 * @param zeros share of the component of 0, above 0 and below 1
 * @param weight see {@link SoftSharing}
 */
public record SoftClusters(Set<String> names, int components, double zeros, double weight)
    implements Adjustment {
  private static final int EVERY = 50;

  /** Least deviation, as a part of the largest weight. */
  private static final double LEAST = 0.01;

  public SoftClusters {
    names = Set.copyOf(names);
    if (components < 1 || !(zeros > 0 && zeros < 1)) {
      throw new IllegalArgumentException(components + " components, zeros " + zeros);
    }
  }

  @Override
  public Restrictions before(int step, int steps, Parameters free, Restrictions current) {
    if (step % EVERY != 0 && step < steps) {
      return current;
    }
    Restrictions result = current;
    Parameters allowed = current.restrict(free);
    for (String name : free.names()) {
      if (names.contains(name)) {
        SoftSharing sharing = sharing(name, allowed.get(name), current);
        result =
            step < steps
                ? result.with(name, sharing)
                : hardened(name, allowed.get(name), sharing.mixture(), result);
      }
    }
    return step < steps ? result : result.without(SoftSharing.class);
  }

  private SoftSharing sharing(String name, float[] weights, Restrictions current) {
    float[] kept = nonzero(weights);
    float largest = 0;
    for (float value : kept) {
      largest = Math.max(largest, Math.abs(value));
    }
    double least = Math.max(LEAST * largest, Float.MIN_NORMAL);
    Mixture before =
        current
            .find(name, SoftSharing.class)
            .map(SoftSharing::mixture)
            .orElseGet(() -> Mixture.of(kept, components, zeros));
    return new SoftSharing(before.fitted(kept, least), weight);
  }

  private static float[] nonzero(float[] weights) {
    float[] kept = new float[weights.length];
    int count = 0;
    for (float value : weights) {
      if (value != 0) {
        kept[count++] = value;
      }
    }
    return count == 0 ? new float[1] : java.util.Arrays.copyOf(kept, count);
  }

  private static Restrictions hardened(
      String name, float[] weights, Mixture mixture, Restrictions restrictions) {
    int[] clusters = new int[weights.length];
    boolean[] kept = new boolean[weights.length];
    int[] numbers = new int[mixture.means().length];
    int count = 0;
    for (int i = 0; i < weights.length; i++) {
      int component = weights[i] == 0 ? 0 : mixture.likeliest(weights[i]);
      kept[i] = component != 0;
      if (kept[i] && numbers[component] == 0) {
        numbers[component] = ++count;
      }
      clusters[i] = kept[i] ? numbers[component] - 1 : SharedValues.NONE;
    }
    return restrictions.with(name, new Mask(kept)).with(name, new SharedValues(clusters, count));
  }
}
