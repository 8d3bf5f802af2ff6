// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.compress.network.RandomNetwork;
import dev.etch.compress.prune.Mask;
import dev.etch.tensor.Shape;
import org.junit.jupiter.api.Test;

/** Clusters whose numbers are short. */
class EntropyClustersTest {
  private static final float[] WEIGHTS = RandomNetwork.random(Shape.of(4000), 8).data();
  private static final boolean[] ALL = Mask.all(4000).kept();

  private static double entropy(SharedValues shared) {
    double[] parts = new double[shared.count()];
    for (int cluster : shared.clusters()) {
      parts[cluster] += 1.0 / shared.clusters().length;
    }
    double bits = 0;
    for (double part : parts) {
      assertTrue(part > 0, "no cluster is empty");
      bits -= part * Math.log(part) / Math.log(2);
    }
    return bits;
  }

  private static double error(SharedValues shared) {
    float[] restricted = shared.restrict(WEIGHTS);
    double sum = 0;
    for (int i = 0; i < restricted.length; i++) {
      sum += Math.pow(restricted[i] - (double) WEIGHTS[i], 2);
    }
    return sum / restricted.length;
  }

  @Test
  void withoutAPriceItIsKMeans() {
    assertArrayEquals(
        KMeans.cluster(WEIGHTS, ALL, 16, KMeans.Start.LINEAR, 1).clusters(),
        EntropyClusters.cluster(WEIGHTS, ALL, 16, 0).clusters());
  }

  /** The dearer a bit, the fewer there are, and the larger the error. */
  @Test
  void bitsHaveAPrice() {
    double bits = Double.POSITIVE_INFINITY;
    double error = 0;
    for (double price : new double[] {0, 0.003, 0.01, 0.03, 0.1}) {
      SharedValues shared = EntropyClusters.cluster(WEIGHTS, ALL, 32, price);
      assertTrue(entropy(shared) < bits, price + ": " + entropy(shared));
      assertTrue(error(shared) > error, price + ": " + error(shared));
      bits = entropy(shared);
      error = error(shared);
    }
    assertTrue(bits < 2.5);
  }

  /** At the same entropy the error is less than that of k-means with fewer clusters. */
  @Test
  void fewerBitsForTheSameError() {
    SharedValues priced = EntropyClusters.cluster(WEIGHTS, ALL, 32, 0.015);
    int fewer = 1;
    SharedValues plain = KMeans.cluster(WEIGHTS, ALL, fewer, KMeans.Start.LINEAR, 1);
    while (error(plain) > error(priced)) {
      fewer++;
      plain = KMeans.cluster(WEIGHTS, ALL, fewer, KMeans.Start.LINEAR, 1);
    }
    assertTrue(entropy(priced) < entropy(plain), entropy(priced) + " " + entropy(plain));
  }

  @Test
  void prunedWeightsBelongToNone() {
    boolean[] kept = ALL.clone();
    kept[7] = false;
    SharedValues shared = EntropyClusters.cluster(WEIGHTS, kept, 4, 0.01);
    assertEquals(SharedValues.NONE, shared.clusters()[7]);
    assertEquals(0, EntropyClusters.cluster(WEIGHTS, new boolean[4000], 4, 0.01).count());
  }
}
