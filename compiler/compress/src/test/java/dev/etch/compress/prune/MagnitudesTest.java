// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.prune;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.etch.compress.network.Parameters;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Which weights are kept. */
class MagnitudesTest {
  @Test
  void theLargestAreKeptAndOfEqualsTheFirst() {
    float[] weights = {0.5f, -3, 1, -1, 0, 1};
    boolean[] three = {false, true, true, true, false, false};
    assertArrayEquals(three, Magnitudes.largest(weights, 3).kept());
    assertEquals(0, Magnitudes.largest(weights, 0).count());
    assertEquals(6, Magnitudes.largest(weights, 6).count());
  }

  @Test
  void thresholdsAreThoseOfSorting() {
    SplittableRandom random = new SplittableRandom(1);
    float[] weights = new float[999];
    float[] sorted = new float[weights.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) Math.rint(random.nextGaussian() * 100) / 1000;
      sorted[i] = Math.abs(weights[i]);
    }
    Arrays.sort(sorted);
    for (int count = 1; count <= weights.length; count++) {
      assertEquals(sorted[weights.length - count], Magnitudes.threshold(weights, count));
      assertEquals(count, Magnitudes.largest(weights, count).count());
    }
  }

  @Test
  void ofAllLayersTheLargestAreCounted() {
    Map<String, float[]> layers = new LinkedHashMap<>();
    layers.put("small", new float[] {0.1f, 0.2f, 0.3f});
    layers.put("large", new float[] {5, -6, 7, 0.25f});
    assertEquals(
        Map.of("small", 1, "large", 3), Magnitudes.globalCounts(new Parameters(layers), 4));
    assertEquals(
        Map.of("small", 1, "large", 2), Magnitudes.globalCounts(new Parameters(layers), 2));
  }
}
