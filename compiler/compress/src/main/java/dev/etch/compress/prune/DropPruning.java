// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.prune;

import dev.etch.compress.network.Parameters;
import dev.etch.compress.training.Adjustment;
import dev.etch.compress.training.Restrictions;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Drops a random part of the unimportant weights, and brings a random part of the dropped ones
 * back. Unimportant are those that are not among the largest; how many are important falls as in
 * {@link GradualPruning}. What comes back has the value that it had, and stays if training makes it
 * large. In the last part of a training, masks do not change. Source: H. Jia, X. Xiang, D. Fan, M.
 * Huang, C. Sun, Q. Meng, Y. He, C. Chen, DropPruning for Model Compression, 2018.
 *
 * @param counts weights that are kept in the end, by the names of their constants
 * @param part of the training in which masks change, 0 to 1
 * @param dropOut probability that an unimportant weight is dropped, above 0 to 1
 * @param dropIn probability that a dropped weight comes back, 0 or more and below 1
 * @param seed of what is dropped and what comes back
 */
public record DropPruning(
    Map<String, Integer> counts, double part, double dropOut, double dropIn, long seed)
    implements Adjustment {
  private static final int EVERY = 50;

  public DropPruning {
    counts = Map.copyOf(counts);
    if (!(part >= 0 && part <= 1 && dropOut > 0 && dropOut <= 1 && dropIn >= 0 && dropIn < 1)) {
      throw new IllegalArgumentException(
          "part %s, dropped %s, back %s".formatted(part, dropOut, dropIn));
    }
  }

  @Override
  public Restrictions before(int step, int steps, Parameters free, Restrictions current) {
    boolean isFixed = counts.keySet().stream().noneMatch(name -> isOpen(name, current));
    if (step >= part * steps && (step == 0 || !isFixed)) {
      return Magnitudes.fixed(counts, DroppedMask.class, free, current);
    }
    return step % EVERY == 0 && step < part * steps
        ? changed(step, part * steps, free, current)
        : current;
  }

  private static boolean isOpen(String name, Restrictions current) {
    return current.find(name, DroppedMask.class).isPresent();
  }

  private Restrictions changed(int step, double end, Parameters free, Restrictions current) {
    double left = Math.pow(1 - step / end, 3);
    SplittableRandom random = new SplittableRandom(seed + step);
    Restrictions result = current;
    for (String name : free.names()) {
      if (counts.containsKey(name)) {
        result = result.with(name, mask(name, free.get(name), left, current, random));
      }
    }
    return result;
  }

  private DroppedMask mask(
      String name, float[] weights, double left, Restrictions current, SplittableRandom random) {
    boolean[] kept =
        current
            .find(name, DroppedMask.class)
            .map(mask -> mask.kept().clone())
            .orElseGet(() -> Mask.all(weights.length).kept());
    int target = counts.get(name);
    int count = (int) Math.round(target + (weights.length - target) * left);
    boolean[] important = Magnitudes.largest(Mask.zeroed(weights, kept), count).kept();
    for (int i = 0; i < kept.length; i++) {
      boolean drops = random.nextDouble() < (kept[i] ? dropOut : dropIn);
      kept[i] = kept[i] ? important[i] || !drops : drops;
    }
    return new DroppedMask(kept);
  }
}
