// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.prune;

import dev.etch.compress.training.Restriction;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Objects;

/**
 * Some weights are zero for good.
 *
 * @param kept whether a weight may be other than zero; is not copied
 */
public record Mask(boolean[] kept) implements Restriction, Serializable {
  public Mask {
    Objects.requireNonNull(kept);
  }

  /** Keeps all of so many weights. */
  public static Mask all(int weights) {
    boolean[] kept = new boolean[weights];
    Arrays.fill(kept, true);
    return new Mask(kept);
  }

  @Override
  public float[] restrict(float[] values) {
    return zeroed(values, kept);
  }

  @Override
  public float[] gradient(float[] values, float[] gradient) {
    return zeroed(gradient, kept);
  }

  /** The mask of some of the weights, by their numbers. */
  public Mask of(int[] numbers) {
    boolean[] part = new boolean[numbers.length];
    for (int i = 0; i < part.length; i++) {
      part[i] = kept[numbers[i]];
    }
    return new Mask(part);
  }

  /** Keeps what both keep. */
  public Mask and(Mask other) {
    boolean[] both = kept.clone();
    for (int i = 0; i < both.length; i++) {
      both[i] &= other.kept[i];
    }
    return new Mask(both);
  }

  /** How many weights are kept. */
  public int count() {
    int count = 0;
    for (boolean keeps : kept) {
      count += keeps ? 1 : 0;
    }
    return count;
  }

  static float[] zeroed(float[] values, boolean[] kept) {
    float[] result = values.clone();
    for (int i = 0; i < result.length; i++) {
      if (!kept[i]) {
        result[i] = 0;
      }
    }
    return result;
  }
}
