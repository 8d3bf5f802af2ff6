// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.compress.prune.Mask;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** K-means of weights. */
class KMeansTest {
  @ParameterizedTest
  @EnumSource(KMeans.Start.class)
  void everyWeightIsInTheClusterOfItsNearestCentroid(KMeans.Start start) {
    float[] weights = gaussian(2000, 1);
    SharedValues shared = KMeans.cluster(weights, Mask.all(weights.length).kept(), 15, start, 7);
    float[] centroids = shared.centroids(weights);
    for (int i = 0; i < weights.length; i++) {
      float own = Math.abs(weights[i] - centroids[shared.clusters()[i]]);
      for (float centroid : centroids) {
        assertTrue(own <= Math.abs(weights[i] - centroid) + 1e-5f);
      }
    }
  }

  @Test
  void theSameSeedGivesTheSameClusters() {
    float[] weights = gaussian(500, 2);
    boolean[] all = Mask.all(500).kept();
    assertArrayEquals(
        KMeans.cluster(weights, all, 8, KMeans.Start.RANDOM, 3).clusters(),
        KMeans.cluster(weights, all, 8, KMeans.Start.RANDOM, 3).clusters());
  }

  @ParameterizedTest
  @EnumSource(KMeans.Start.class)
  void fewerValuesThanClusters(KMeans.Start start) {
    float[] weights = {1, 1, 2, 1};
    SharedValues shared = KMeans.cluster(weights, Mask.all(4).kept(), 16, start, 1);
    assertArrayEquals(weights, shared.restrict(weights));
    assertTrue(shared.count() <= 2);
  }

  @Test
  void onlyWhatWasNotPrunedIsClustered() {
    float[] weights = {5, 0, 5, 0};
    boolean[] kept = {true, false, true, true};
    SharedValues shared = KMeans.cluster(weights, kept, 4, KMeans.Start.LINEAR, 1);
    assertArrayEquals(new int[] {1, SharedValues.NONE, 1, 0}, shared.clusters());
    assertEquals(2, shared.count());
    assertEquals(0, KMeans.cluster(weights, new boolean[4], 4, KMeans.Start.LINEAR, 1).count());
  }

  private static float[] gaussian(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] weights = new float[count];
    for (int i = 0; i < count; i++) {
      weights[i] = (float) random.nextGaussian();
    }
    return weights;
  }
}
