// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.compress.network.Parameters;
import dev.etch.compress.network.RandomNetwork;
import dev.etch.compress.prune.Mask;
import dev.etch.compress.training.Restrictions;
import dev.etch.tensor.Shape;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Weights that are drawn to a mixture. */
class SoftClustersTest {
  private static final String NAME = "weights";

  @Test
  void slopesAreThoseOfDifferences() {
    Mixture mixture =
        new Mixture(
            new double[] {0.5, 0.3, 0.2}, new double[] {0, -1, 2}, new double[] {0.3, 0.5, 0.2});
    for (double weight = -2; weight < 3; weight += 0.13) {
      double expected = (mixture.loss(weight + 1e-5) - mixture.loss(weight - 1e-5)) / 2e-5;
      assertEquals(expected, mixture.slope(weight), 1e-5);
    }
  }

  /** Fitting makes what is seen likelier, and keeps the share of zeros. */
  @Test
  void fittedMixturesAreLikelier() {
    float[] weights = weights();
    Mixture mixture = Mixture.of(weights, 4, 0.6);
    double before = loss(mixture, weights);
    for (int round = 0; round < 20; round++) {
      mixture = mixture.fitted(weights, 0.01);
      double after = loss(mixture, weights);
      assertTrue(after <= before + 1e-6, before + " to " + after);
      before = after;
    }
    assertEquals(0.6, mixture.shares()[0]);
    assertEquals(0, mixture.means()[0]);
    double sum = 0;
    for (double share : mixture.shares()) {
      sum += share;
    }
    assertEquals(1, sum, 1e-6);
  }

  private static double loss(Mixture mixture, float[] weights) {
    double sum = 0;
    for (float weight : weights) {
      sum += mixture.loss(weight);
    }
    return sum;
  }

  /** Around 0, -1 and 1.5. */
  private static float[] weights() {
    float[] weights = RandomNetwork.random(Shape.of(600), 4).data();
    for (int i = 0; i < weights.length; i++) {
      weights[i] = 0.1f * weights[i] + (i % 5 == 0 ? -1 : i % 5 == 1 ? 1.5f : 0);
    }
    return weights;
  }

  /** Without any loss but that of the mixture, weights gather at three values, one of them 0. */
  @Test
  void weightsGatherAtFewValues() {
    float[] values = weights();
    values[2] = 0;
    Parameters free = new Parameters(Map.of(NAME, values));
    Parameters none = free.zeros();
    SoftClusters clusters = new SoftClusters(Set.of(NAME), 6, 0.6, 1e-4);
    Restrictions current = Restrictions.NONE;
    for (int step = 0; step < 500; step++) {
      current = clusters.before(step, 500, free, current);
      float[] gradient = current.gradients(free, none).get(NAME);
      for (int i = 0; i < values.length; i++) {
        values[i] -= gradient[i];
      }
      assertEquals(0, values[2], "what is pruned stays");
    }
    Restrictions last = clusters.before(500, 500, free, current);
    assertTrue(last.find(NAME, SoftSharing.class).isEmpty());
    Mask mask = last.find(NAME, Mask.class).orElseThrow();
    SharedValues shared = last.find(NAME, SharedValues.class).orElseThrow();
    assertEquals(240, mask.count(), 12);
    assertTrue(shared.count() <= 6, shared.count() + " values");
    float[] restricted = last.restrict(free).get(NAME);
    for (int i = 0; i < restricted.length; i++) {
      float expected = i % 5 == 0 ? -1 : i % 5 == 1 ? 1.5f : 0;
      assertEquals(expected, restricted[i], 0.35f);
    }
  }
}
