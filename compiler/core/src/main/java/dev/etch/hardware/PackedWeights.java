// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

/**
 * The weights -1, 0 and 1 of all elements of a beat as one number: bits 2i and 2i + 1 are element
 * i's weight in two's complement.
 */
public final class PackedWeights {
  /** Elements at most. */
  public static final int MOST = 16;

  private PackedWeights() {}

  /** The number. */
  public static int pack(int... weights) {
    if (weights.length > MOST) {
      throw new IllegalArgumentException(weights.length + " weights");
    }
    int packed = 0;
    for (int i = 0; i < weights.length; i++) {
      if (Math.abs(weights[i]) > 1) {
        throw new IllegalArgumentException("weight " + weights[i]);
      }
      packed |= (weights[i] & 3) << (2 * i);
    }
    return packed;
  }

  /** The weight of an element. */
  public static int of(int packed, int element) {
    return packed << (30 - 2 * element) >> 30;
  }
}
