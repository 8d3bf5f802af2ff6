// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Working memory of one run, used again by the next layer and the next run: memory that the cache
 * knows. What a layer finds in it is arbitrary, and nothing in it but {@link #planes} outlives the
 * layer. One thread at a time.
 */
final class Scratch {
  private final Map<Integer, float[][]> arrays = new HashMap<>();
  private final Map<Long, Deque<float[][]>> free = new HashMap<>();
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

  /**
   * {@code count} arrays of {@code length} numbers that are the caller's until it gives them back.
   */
  float[][] planes(int count, int length) {
    float[][] known = free.computeIfAbsent(key(count, length), k -> new ArrayDeque<>()).poll();
    return known == null ? new float[count][length] : known;
  }

  /** Takes arrays that nobody reads any more, wherever they are from. */
  void takeBack(float[][] planes) {
    if (planes.length > 0) {
      free.computeIfAbsent(key(planes.length, planes[0].length), k -> new ArrayDeque<>())
          .push(planes);
    }
  }

  private static long key(int count, int length) {
    return (long) count << 32 | length;
  }
}
