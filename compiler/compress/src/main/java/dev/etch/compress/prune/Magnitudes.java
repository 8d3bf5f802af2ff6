// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.prune;

import dev.etch.compress.network.Parameters;
import dev.etch.compress.training.Restriction;
import dev.etch.compress.training.Restrictions;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Chooses the weights of largest magnitude; of equals, the first. Source: S. Han, J. Pool, J. Tran,
 * W. Dally, Learning both Weights and Connections for Efficient Neural Networks, NIPS 2015.
 */
public final class Magnitudes {
  private static final int HALF = 16;

  private Magnitudes() {}

  /**
   * The mask of a layer.
   *
   * @param count weights to keep, 0 to all
   */
  public static Mask largest(float[] weights, int count) {
    boolean[] kept = new boolean[weights.length];
    if (count == 0) {
      return new Mask(kept);
    }
    float threshold = threshold(weights, count);
    int above = 0;
    for (float weight : weights) {
      above += Math.abs(weight) > threshold ? 1 : 0;
    }
    int equals = count - above;
    for (int i = 0; i < weights.length; i++) {
      float magnitude = Math.abs(weights[i]);
      kept[i] = magnitude > threshold || (magnitude == threshold && equals-- > 0);
    }
    return new Mask(kept);
  }

  /** The same of a few weights, which are compared with each other; of equals, the first. */
  static boolean[] largestOfFew(float[] weights, int count) {
    boolean[] kept = new boolean[weights.length];
    for (int chosen = 0; chosen < count; chosen++) {
      int best = -1;
      for (int i = 0; i < weights.length; i++) {
        if (!kept[i] && (best < 0 || Math.abs(weights[i]) > Math.abs(weights[best]))) {
          best = i;
        }
      }
      kept[best] = true;
    }
    return kept;
  }

  /**
   * Makes masks that could still change final: of what they keep, the largest weights stay.
   *
   * @param counts weights that stay at most, by the names of their constants
   * @param kind of the masks that go
   * @param free the free values
   */
  static Restrictions fixed(
      Map<String, Integer> counts,
      Class<? extends Restriction> kind,
      Parameters free,
      Restrictions current) {
    Restrictions result = current.without(kind);
    Parameters restricted = current.restrict(free);
    for (Map.Entry<String, Integer> entry : counts.entrySet()) {
      float[] weights = restricted.get(entry.getKey());
      int kept = 0;
      for (float weight : weights) {
        kept += weight == 0 ? 0 : 1;
      }
      result = result.with(entry.getKey(), largest(weights, Math.min(kept, entry.getValue())));
    }
    return result;
  }

  /**
   * The magnitude of the weight of rank {@code count}, from 1. Bits of floats that are not negative
   * ascend as the floats do, so it is found by counting halves of them: masks are chosen at many
   * steps of a training, and sorting would take longer than the step.
   */
  static float threshold(float[] weights, int count) {
    int[] bits = new int[weights.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(Math.abs(weights[i]));
    }
    int[] high = new int[1 << HALF];
    for (int value : bits) {
      high[value >>> HALF]++;
    }
    int left = count;
    int upper = high.length - 1;
    while (left > high[upper]) {
      left -= high[upper--];
    }
    int[] low = new int[1 << HALF];
    for (int value : bits) {
      if (value >>> HALF == upper) {
        low[value & (1 << HALF) - 1]++;
      }
    }
    int lower = low.length - 1;
    while (left > low[lower]) {
      left -= low[lower--];
    }
    return Float.intBitsToFloat(upper << HALF | lower);
  }

  /**
   * How many weights of each layer are among the largest of all layers, at least one each.
   *
   * @param count of all layers together
   */
  public static Map<String, Integer> globalCounts(Parameters weights, int count) {
    int total = weights.arrays().values().stream().mapToInt(array -> array.length).sum();
    float[] all = new float[total];
    int at = 0;
    for (float[] array : weights.arrays().values()) {
      System.arraycopy(array, 0, all, at, array.length);
      at += array.length;
    }
    boolean[] kept = largest(all, count).kept();
    Map<String, Integer> counts = new LinkedHashMap<>();
    at = 0;
    for (String name : weights.names()) {
      int length = weights.get(name).length;
      counts.put(name, Math.max(1, new Mask(Arrays.copyOfRange(kept, at, at + length)).count()));
      at += length;
    }
    return counts;
  }
}
