// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.prune;

import dev.etch.compress.network.Parameters;
import dev.etch.compress.training.Adjustment;
import dev.etch.compress.training.Restrictions;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Prunes weights, and splices those in again whose values have grown meanwhile: weights below 0.9
 * times a threshold are pruned, those above 1.1 times it come back, those between stay as they are.
 * The threshold is the magnitude of the smallest weight that is to be kept; how many are falls as
 * in {@link GradualPruning}. Masks change ever more rarely, and in the last part not at all.
 * Source: Y. Guo, A. Yao, Y. Chen, Dynamic Network Surgery for Efficient DNNs, NIPS 2016.
 *
 * @param counts weights that are kept in the end, by the names of their constants
 * @param pruning part of the training in which the number falls, 0 to 1
 * @param splicing part of the training in which masks change, at least {@code pruning}
 * @param seed of the choice of steps in which masks change
 */
public record DynamicSurgery(
    Map<String, Integer> counts, double pruning, double splicing, long seed) implements Adjustment {
  private static final float LOW = 0.9f;
  private static final float HIGH = 1.1f;
  private static final double RARER = 1e-3;

  public DynamicSurgery {
    counts = Map.copyOf(counts);
    if (!(pruning >= 0 && splicing >= pruning && splicing <= 1)) {
      throw new IllegalArgumentException("pruning %s, splicing %s".formatted(pruning, splicing));
    }
  }

  @Override
  public Restrictions before(int step, int steps, Parameters free, Restrictions current) {
    if (step == steps) {
      return Magnitudes.fixed(counts, SplicedMask.class, free, current);
    }
    return changes(step, steps) ? changed(step, steps, free, current) : current;
  }

  private boolean changes(int step, int steps) {
    double probability = 1 / (1 + RARER * step);
    return step == 0
        || (step <= splicing * steps
            && new SplittableRandom(seed + step).nextDouble() < probability);
  }

  private Restrictions changed(int step, int steps, Parameters free, Restrictions current) {
    double end = pruning * steps;
    double left = step >= end ? 0 : Math.pow(1 - step / end, 3);
    Restrictions result = current;
    for (String name : free.names()) {
      if (counts.containsKey(name)) {
        result = result.with(name, mask(name, free.get(name), left, current));
      }
    }
    return result;
  }

  private SplicedMask mask(String name, float[] weights, double left, Restrictions current) {
    boolean[] before = current.find(name, SplicedMask.class).map(SplicedMask::kept).orElse(null);
    int target = counts.get(name);
    int count = (int) Math.round(target + (weights.length - target) * left);
    float threshold = Magnitudes.threshold(weights, count);
    boolean[] kept = new boolean[weights.length];
    for (int i = 0; i < kept.length; i++) {
      float magnitude = Math.abs(weights[i]);
      boolean stays = before == null || before[i];
      kept[i] = magnitude >= HIGH * threshold || (magnitude >= LOW * threshold && stays);
    }
    return new SplicedMask(kept);
  }
}
