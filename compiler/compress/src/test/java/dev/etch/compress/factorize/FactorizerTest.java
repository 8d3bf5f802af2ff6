// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.factorize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.compress.network.Network;
import dev.etch.compress.network.Parameters;
import dev.etch.compress.network.RandomNetwork;
import dev.etch.compress.network.WeightedLayer;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Shape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Layers that stand for one compute its product; of a low rank, the nearest one. */
class FactorizerTest {
  private static Network network(long seed) {
    return RandomNetwork.parse(
        """
        graph "factors"
        input %x : float32[1, 7, 9, 8]
        %w1 = constant() {weights = DenseWeights{tensor = float32[10, 7, 3, 5] #1050}} : float32[10, 7, 3, 5]
        %b1 = constant() {weights = DenseWeights{tensor = float32[10] #10}} : float32[10]
        %c = conv2d(%x, %w1, %b1) {window = Window{kernelHeight = 3, kernelWidth = 5, strideHeight = 2, strideWidth = 1, dilationHeight = 1, dilationWidth = 1, padTop = 1, padLeft = 2, padBottom = 0, padRight = 1}, layout = NCHW, groups = 1} : float32[1, 10, 4, 7]
        %r = relu(%c) : float32[1, 10, 4, 7]
        %f = reshape(%r) {shape = [1, 280]} : float32[1, 280]
        %w2 = constant() {weights = DenseWeights{tensor = float32[12, 280] #3360}} : float32[12, 280]
        %b2 = constant() {weights = DenseWeights{tensor = float32[12] #12}} : float32[12]
        %d = dense(%f, %w2, %b2) : float32[1, 12]
        output %d
        """,
        seed);
  }

  /** The network with the weights that the factors multiply to computes the same. */
  @Test
  void factorsComputeTheirProduct() {
    for (Method method : Method.values()) {
      Network given = network(3);
      WeightedLayer layer = given.layer(method == Method.SINGULAR_VALUES ? "w2" : "w1");
      float[] weights = given.parameters().get(layer.weights());
      RankRule rule = new RankRule.Size(0.5);
      Network factorized = Factorizer.factorize(given, method, Map.of(layer.name(), rule));
      assertTrue(factorized.layers().size() > given.layers().size());
      List<Factor> factors = method.factors(layer, weights, rule);
      float[] product = product(method, layer.shape(), factors);
      Network same = given.with(new Parameters(Map.of(layer.weights(), product)));
      FloatTensor input = RandomNetwork.input(given, 9);
      assertArrayEquals(
          RandomNetwork.output(same, input), RandomNetwork.output(factorized, input), 1e-3f);
      int size = factors.stream().mapToInt(f -> f.weights().shape().elements()).sum();
      assertTrue(size <= 0.5 * layer.size() && size > 0.3 * layer.size(), method + ": " + size);
    }
  }

  /** Of all ranks the product is the layer; of fewer, what is lost are the smallest values. */
  @Test
  void whatIsLostIsTheLeast() {
    for (Method method : List.of(Method.SINGULAR_VALUES, Method.SPATIAL)) {
      Network given = network(4);
      WeightedLayer layer = given.layer(method == Method.SINGULAR_VALUES ? "w2" : "w1");
      float[] weights = given.parameters().get(layer.weights());
      double all = error(weights, new float[weights.length]);
      for (double energy : new double[] {0.5, 0.9, 1}) {
        RankRule rule = new RankRule.Energy(energy);
        float[] product = product(method, layer.shape(), method.factors(layer, weights, rule));
        double lost = error(weights, product) / all;
        assertTrue(lost <= 1 - energy + 1e-6, method + " " + energy + ": " + lost);
        assertTrue(lost > (1 - energy) / 4, method + " " + energy + ": " + lost);
      }
    }
  }

  @Test
  void ofAllRanksTuckerIsTheLayer() {
    WeightedLayer layer = network(5).layer("w1");
    float[] weights = network(5).parameters().get("w1");
    float[] product =
        product(
            Method.TUCKER,
            layer.shape(),
            Method.TUCKER.factors(layer, weights, new RankRule.Energy(1)));
    assertArrayEquals(weights, product, 1e-5f);
  }

  /** A layer that would not become smaller stays. */
  @Test
  void nothingBecomesLarger() {
    Network given = network(6);
    Map<String, RankRule> rules = Map.of("d", new RankRule.Energy(1));
    assertEquals(given, Factorizer.factorize(given, Method.SINGULAR_VALUES, rules));
  }

  @Test
  void singularValuesOfADiagonal() {
    SingularValues svd = SingularValues.of(new double[][] {{3, 0, 0}, {0, -5, 0}});
    assertArrayEquals(new double[] {5, 3}, svd.values(), 1e-12);
    assertEquals(2, new RankRule.Energy(0.8).rank(svd.values(), r -> r, 6));
    assertEquals(1, new RankRule.Energy(25 / 34.0 - 1e-9).rank(svd.values(), r -> r, 6));
  }

  private static double error(float[] one, float[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += Math.pow(one[i] - (double) other[i], 2);
    }
    return sum;
  }

  /** The weights of one layer, of its definition. */
  private static float[] product(Method method, Shape shape, List<Factor> factors) {
    float[] product = new float[shape.elements()];
    for (int at = 0; at < product.length; at++) {
      double sum = 0;
      float[] a = factors.get(0).weights().data();
      float[] b = factors.get(1).weights().data();
      int rank = factors.get(0).weights().shape().dimension(0);
      if (method == Method.SINGULAR_VALUES) {
        int inputs = shape.dimension(1);
        for (int r = 0; r < rank; r++) {
          sum += (double) b[at / inputs * rank + r] * a[r * inputs + at % inputs];
        }
      } else {
        int width = shape.dimension(3);
        int height = shape.dimension(2);
        int inputs = shape.dimension(1);
        int x = at % width;
        int y = at / width % height;
        int input = at / width / height % inputs;
        int output = at / width / height / inputs;
        if (method == Method.SPATIAL) {
          for (int r = 0; r < rank; r++) {
            sum +=
                (double) a[(r * inputs + input) * height + y] * b[(output * rank + r) * width + x];
          }
        } else {
          float[] c = factors.get(2).weights().data();
          int outer = factors.get(1).weights().shape().dimension(0);
          for (int s = 0; s < outer; s++) {
            for (int r = 0; r < rank; r++) {
              sum +=
                  (double) c[output * outer + s]
                      * b[((s * rank + r) * height + y) * width + x]
                      * a[r * inputs + input];
            }
          }
        }
      }
      product[at] = (float) sum;
    }
    return product;
  }
}
