// SPDX-License-Identifier: Apache-2.0
package dev.etch.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class WeightEntropyTest {
  @Test
  void countsValuesAndPlaces() {
    // Four values as often as each other, and no zeros.
    assertEquals(2, WeightEntropy.of(1, 2, 3, -4).bitsPerWeight(), 1e-9);
    // Two of four places: one of six choices, for two weights of one value.
    assertEquals(Math.log(6) / Math.log(2) / 2, WeightEntropy.of(0, 5, 0, 5).bitsPerWeight(), 1e-9);
    assertEquals(2, WeightEntropy.of(0, 5, 0, 5).nonzero());
    assertEquals(WeightEntropy.NONE, WeightEntropy.of(0, 0));
    assertEquals(new WeightEntropy(1, 0), WeightEntropy.of(7));
  }

  /** One in ten of random places: H(0.1) / 0.1 = 4.69 bits, and 4 bits of 16 values. */
  @Test
  void approachesTheEntropyOfLongSequences() {
    Random random = new Random(1);
    int[] weights = new int[100_000];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = random.nextInt(10) == 0 ? 1 + random.nextInt(16) : 0;
    }
    assertEquals(8.69, WeightEntropy.of(weights).bitsPerWeight(), 0.1);
  }
}
