// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.prune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.compress.network.InputProducts;
import dev.etch.compress.network.Network;
import dev.etch.compress.network.Parameters;
import dev.etch.compress.network.RandomNetwork;
import dev.etch.compress.network.WeightedLayer;
import dev.etch.graph.Value;
import dev.etch.reference.Interpreter;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is pruned and moved changes a layer's outputs least, and by as much as is computed. */
class OptimalSurgeonTest {
  private static final int ITEMS = 30;
  private static final Network NETWORK = RandomNetwork.residual(2);

  private static Map<String, InputProducts> products() {
    return InputProducts.of(NETWORK, ITEMS, OptimalSurgeonTest::image);
  }

  /** Neighbours are alike, as in images: of independent inputs, magnitude is all that counts. */
  private static FloatTensor image(int item) {
    FloatTensor noise = RandomNetwork.input(NETWORK, item);
    float[] data = new float[noise.data().length];
    float level = 0;
    for (int i = 0; i < data.length; i++) {
      level = 0.8f * level + noise.data()[i];
      data[i] = level;
    }
    return new FloatTensor(noise.type(), data);
  }

  /** Mean squared difference of a layer's outputs when only its weights change. */
  private static double measured(WeightedLayer layer, float[] changed) {
    Network other = NETWORK.with(new Parameters(Map.of(layer.weights(), changed)));
    double sum = 0;
    int places = 0;
    for (int item = 0; item < ITEMS; item++) {
      float[] before = output(NETWORK, layer, item);
      float[] after = output(other, layer, item);
      for (int i = 0; i < before.length; i++) {
        sum += Math.pow(before[i] - (double) after[i], 2);
      }
      places += before.length / layer.shape().dimension(0);
    }
    return sum / places;
  }

  private static float[] output(Network network, WeightedLayer layer, int item) {
    Map<Value, Tensor> values = new Interpreter(network.graph()).runAll(List.of(image(item)));
    return ((FloatTensor) values.get(layer.node().output())).data();
  }

  /** The same by the products: the sum over outputs of difference * means * difference. */
  private static double computed(WeightedLayer layer, float[] before, float[] after) {
    InputProducts products = products().get(layer.weights());
    int inputs = products.inputs();
    double sum = 0;
    for (int output = 0; output < layer.shape().dimension(0); output++) {
      double[] means = products.means(products.group(output));
      for (int i = 0; i < inputs; i++) {
        for (int j = 0; j < inputs; j++) {
          double one = before[output * inputs + i] - after[output * inputs + i];
          double two = before[output * inputs + j] - after[output * inputs + j];
          sum += one * means[i * inputs + j] * two;
        }
      }
    }
    return sum;
  }

  /** Convolutions, those of groups, 1 x 1 and dense layers, each pruned to 30 %. */
  @Test
  void outputsChangeLessThanByMagnitude() {
    for (WeightedLayer layer : NETWORK.layers()) {
      float[] weights = NETWORK.parameters().get(layer.weights());
      int count = (int) (0.3 * weights.length);
      OptimalSurgeon pruned =
          OptimalSurgeon.prune(weights, products().get(layer.weights()), count, 1e-6);
      assertEquals(count, pruned.mask().count());
      double error = measured(layer, pruned.weights());
      assertEquals(error, computed(layer, weights, pruned.weights()), 1e-3 * error);
      float[] byMagnitude = Magnitudes.largest(weights, count).restrict(weights);
      assertTrue(error < 0.8 * measured(layer, byMagnitude), layer.name());
      // Its own mask without moving what stays.
      assertTrue(error < measured(layer, pruned.mask().restrict(weights)), layer.name());
    }
  }

  /** One weight alone costs what the formula says. */
  @Test
  void theFirstWeightIsTheOneOfLeastLoss() {
    WeightedLayer layer = NETWORK.layer("w5");
    float[] weights = NETWORK.parameters().get("w5");
    OptimalSurgeon pruned =
        OptimalSurgeon.prune(weights, products().get("w5"), weights.length - 1, 1e-9);
    double least = computed(layer, weights, pruned.weights());
    for (int i = 0; i < weights.length; i++) {
      float[] others = weights.clone();
      others[i] = 0;
      OptimalSurgeon single =
          OptimalSurgeon.prune(others, products().get("w5"), weights.length - 1, 1e-9);
      assertTrue(least <= computed(layer, weights, single.weights()) * (1 + 1e-6));
    }
  }

  @Test
  void zerosStay() {
    float[] weights = NETWORK.parameters().get("w4");
    for (int i = 0; i < weights.length; i += 2) {
      weights[i] = 0;
    }
    OptimalSurgeon pruned = OptimalSurgeon.prune(weights, products().get("w4"), 400, 0.01);
    assertEquals(216, pruned.mask().count());
    for (int i = 0; i < weights.length; i += 2) {
      assertEquals(0, pruned.weights()[i]);
    }
  }
}
