// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Working memory of one run, used again by the next layer and the next run. What a layer finds in
 * it is arbitrary, and nothing in it outlives the layer. One thread at a time.
 */
final class Scratch {
  private final Map<Integer, float[][]> arrays = new HashMap<>();
  private float[] buffer = new float[0];

  /** At least {@code count} different arrays of at least {@code length} numbers. */
  float[][] arrays(int count, int length) {
    float[][] known = arrays.getOrDefault(length, new float[0][]);
    if (known.length < count) {
      int before = known.length;
      known = Arrays.copyOf(known, count);
      for (int i = before; i < count; i++) {
        known[i] = new float[aligned(length)];
      }
      arrays.put(length, known);
    }
    return known;
  }

  /** A length of at least {@code length} that makes an array a whole number of cache lines long. */
  static int aligned(int length) {
    return (length + 3) / 16 * 16 + 12;
  }

  /** One array of at least {@code length} numbers, none of those above. */
  float[] buffer(int length) {
    if (buffer.length < length) {
      buffer = new float[length];
    }
    return buffer;
  }
}
