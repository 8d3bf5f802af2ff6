// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.etch.compress.prune.Mask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The example of figure 3 of Deep Compression (Han et al., ICLR 2016). */
class SharedValuesTest {
  private static final float[] WEIGHTS = {
    2.09f, -0.98f, 1.48f, 0.09f,
    0.05f, -0.14f, -1.08f, 2.12f,
    -0.91f, 1.92f, 0, -1.03f,
    1.87f, 0, 1.53f, 1.49f
  };

  private static final float[] GRADIENT = {
    -0.03f, -0.01f, 0.03f, 0.02f,
    -0.01f, 0.01f, -0.02f, 0.12f,
    -0.01f, 0.02f, 0.04f, 0.01f,
    -0.07f, -0.02f, 0.01f, -0.02f
  };

  private static final int[] CLUSTERS = {3, 0, 2, 1, 1, 1, 0, 3, 0, 3, 1, 0, 3, 1, 2, 2};

  private static final float CLOSE = 1e-6f;

  @ParameterizedTest
  @EnumSource(value = KMeans.Start.class, names = "RANDOM", mode = EnumSource.Mode.EXCLUDE)
  void fourClustersAreFound(KMeans.Start start) {
    SharedValues shared = KMeans.cluster(WEIGHTS, Mask.all(16).kept(), 4, start, 1);
    assertArrayEquals(CLUSTERS, shared.clusters());
    assertArrayEquals(new float[] {-1, 0, 1.5f, 2}, shared.centroids(WEIGHTS), CLOSE);
  }

  /** 16 weights of 32 bits are 512; 16 numbers of 2 bits and 4 centroids of 32 are 160. */
  @Test
  void bitsOfTheExample() {
    assertEquals(160, new SharedValues(CLUSTERS, 4).storedBits(32));
  }

  @Test
  void gradientsAreSummedAndMoveTheCentroids() {
    SharedValues shared = new SharedValues(CLUSTERS, 4);
    float[] values = shared.restrict(WEIGHTS);
    float[] gradient = shared.gradient(values, GRADIENT);
    for (int i = 0; i < values.length; i++) {
      values[i] -= gradient[i];
    }
    float[] tuned = {-0.97f, -0.04f, 1.48f, 1.96f};
    assertArrayEquals(tuned, shared.centroids(values), CLOSE);
    for (int i = 0; i < values.length; i++) {
      assertEquals(tuned[CLUSTERS[i]], values[i], CLOSE);
    }
  }

  @Test
  void prunedWeightsStayZero() {
    SharedValues shared = new SharedValues(new int[] {0, SharedValues.NONE, 0}, 1);
    assertArrayEquals(new float[] {2, 0, 2}, shared.restrict(new float[] {1, 5, 3}));
    assertArrayEquals(new float[] {4, 0, 4}, shared.gradient(WEIGHTS, new float[] {1, 5, 3}));
  }
}
