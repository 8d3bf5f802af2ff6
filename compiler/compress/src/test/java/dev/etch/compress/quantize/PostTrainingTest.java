// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.quantize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.compress.network.Architecture;
import dev.etch.compress.network.InputProducts;
import dev.etch.compress.network.Network;
import dev.etch.compress.network.Parameters;
import dev.etch.compress.network.RandomNetwork;
import dev.etch.compress.network.WeightedLayer;
import dev.etch.op.Quantization;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Shape;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What makes rounding lose less, without training. */
class PostTrainingTest {
  /** A convolution, one by channel, and dense layers, with channels of very unequal ranges. */
  private static Network unequal(long seed) {
    Network network =
        RandomNetwork.parse(
            """
            graph "chain"
            input %x : float32[1, 2, 6, 6]
            %w1 = constant() {weights = DenseWeights{tensor = float32[6, 2, 3, 3] #108}} : float32[6, 2, 3, 3]
            %b1 = constant() {weights = DenseWeights{tensor = float32[6] #6}} : float32[6]
            %c1 = conv2d(%x, %w1, %b1) {window = Window{kernelHeight = 3, kernelWidth = 3, strideHeight = 1, strideWidth = 1, dilationHeight = 1, dilationWidth = 1, padTop = 1, padLeft = 1, padBottom = 1, padRight = 1}, layout = NCHW, groups = 1} : float32[1, 6, 6, 6]
            %r = relu(%c1) : float32[1, 6, 6, 6]
            %w2 = constant() {weights = DenseWeights{tensor = float32[6, 1, 3, 3] #54}} : float32[6, 1, 3, 3]
            %b2 = constant() {weights = DenseWeights{tensor = float32[6] #6}} : float32[6]
            %c2 = conv2d(%r, %w2, %b2) {window = Window{kernelHeight = 3, kernelWidth = 3, strideHeight = 1, strideWidth = 1, dilationHeight = 1, dilationWidth = 1, padTop = 1, padLeft = 1, padBottom = 1, padRight = 1}, layout = NCHW, groups = 6} : float32[1, 6, 6, 6]
            %p = maxPool2d(%c2) {window = Window{kernelHeight = 2, kernelWidth = 2, strideHeight = 2, strideWidth = 2, dilationHeight = 1, dilationWidth = 1, padTop = 0, padLeft = 0, padBottom = 0, padRight = 0}, layout = NCHW} : float32[1, 6, 3, 3]
            %f = reshape(%p) {shape = [1, 54]} : float32[1, 54]
            %w3 = constant() {weights = DenseWeights{tensor = float32[8, 54] #432}} : float32[8, 54]
            %b3 = constant() {weights = DenseWeights{tensor = float32[8] #8}} : float32[8]
            %d = dense(%f, %w3, %b3) : float32[1, 8]
            %e = relu(%d) : float32[1, 8]
            %w4 = constant() {weights = DenseWeights{tensor = float32[3, 8] #24}} : float32[3, 8]
            %y = dense(%e, %w4) : float32[1, 3]
            output %y
            """,
            seed);
    Map<String, float[]> arrays = new HashMap<>(network.parameters().copy().arrays());
    for (String name : new String[] {"w1", "w2", "w3"}) {
      float[] weights = arrays.get(name);
      int rows = network.layer(name).shape().dimension(0);
      for (int i = 0; i < weights.length; i++) {
        weights[i] *= (float) Math.pow(3, i / (weights.length / rows) - rows / 2.0);
      }
    }
    return network.with(new Parameters(arrays));
  }

  @Test
  void equalizedNetworksComputeTheSameBits() {
    for (int seed = 0; seed < 5; seed++) {
      Network network = unequal(seed);
      Network equalized = Equalization.of(network);
      FloatTensor input = RandomNetwork.input(network, seed);
      assertArrayEquals(
          RandomNetwork.output(network, input), RandomNetwork.output(equalized, input));
      for (WeightedLayer layer : network.layers()) {
        String name = layer.weights();
        assertFalse(
            Arrays.equals(network.parameters().get(name), equalized.parameters().get(name)), name);
      }
    }
  }

  /** The largest weights of the channels of a layer differ by less than before. */
  @Test
  void rangesBecomeAlike() {
    Network network = unequal(7);
    Network equalized = Equalization.of(network);
    for (String name : new String[] {"w1", "w2", "w3"}) {
      double before = spread(network, name);
      double after = spread(equalized, name);
      assertTrue(after < before / 3, name + ": " + before + " to " + after);
    }
  }

  private static double spread(Network network, String name) {
    float[] weights = network.parameters().get(name);
    int rows = network.layer(name).shape().dimension(0);
    float[] ranges = new float[rows];
    for (int i = 0; i < weights.length; i++) {
      int row = i / (weights.length / rows);
      ranges[row] = Math.max(ranges[row], Math.abs(weights[i]));
    }
    Arrays.sort(ranges);
    return ranges[rows - 1] / ranges[0];
  }

  /** What several nodes read, or an addition, is left alone. */
  @Test
  void branchesStay() {
    Network network = RandomNetwork.residual(1);
    Network equalized = Equalization.of(network);
    assertArrayEquals(network.parameters().get("w1"), equalized.parameters().get("w1"));
    FloatTensor input = RandomNetwork.input(network, 1);
    assertArrayEquals(RandomNetwork.output(network, input), RandomNetwork.output(equalized, input));
    assertFalse(Arrays.equals(network.parameters().get("w4"), equalized.parameters().get("w4")));
    Network lenet = Architecture.LENET_5.build(Shape.of(1, 16, 16), 10, 1);
    FloatTensor image = RandomNetwork.input(lenet, 3);
    assertArrayEquals(
        RandomNetwork.output(lenet, image), RandomNetwork.output(Equalization.of(lenet), image));
  }

  @Test
  void adaptiveRoundingChangesOutputsLess() {
    Network network = RandomNetwork.residual(3);
    Map<String, InputProducts> all =
        InputProducts.of(network, 20, item -> RandomNetwork.input(network, item));
    for (WeightedLayer layer : network.layers()) {
      float[] weights = network.parameters().get(layer.weights());
      Quantization quantization =
          WeightScale.LARGEST.of(weights, layer.shape().dimension(0), true, 3);
      InputProducts products = all.get(layer.weights());
      float[] nearest = new Grid(quantization).restrict(weights);
      float[] rounded = AdaptiveRounding.round(weights, quantization, products);
      assertArrayEquals(rounded, new Grid(quantization).restrict(rounded), "on the grid");
      double error = error(weights, rounded, products);
      double before = error(weights, nearest, products);
      assertTrue(error <= before, layer.name());
      int inputs = products.inputs();
      for (int i = 0; i < weights.length; i++) {
        float scale = quantization.scale(i / inputs);
        assertTrue(Math.abs(rounded[i] - weights[i]) < scale * 1.001f, "up or down");
        assertNoSingleWeightIsBetter(weights, rounded, i, scale, products, error);
      }
    }
  }

  private static void assertNoSingleWeightIsBetter(
      float[] weights, float[] rounded, int at, float scale, InputProducts products, double error) {
    float[] other = rounded.clone();
    other[at] += weights[at] > rounded[at] ? scale : -scale;
    boolean isInside = Math.abs(other[at]) < 3.5f * scale;
    if (isInside) {
      assertTrue(error(weights, other, products) >= error - 1e-9);
    }
  }

  private static double error(float[] before, float[] after, InputProducts products) {
    int inputs = products.inputs();
    double sum = 0;
    for (int row = 0; row < before.length / inputs; row++) {
      double[] means = products.means(products.group(row));
      for (int i = 0; i < inputs; i++) {
        for (int j = 0; j < inputs; j++) {
          sum +=
              (after[row * inputs + i] - before[row * inputs + i])
                  * means[i * inputs + j]
                  * (after[row * inputs + j] - before[row * inputs + j]);
        }
      }
    }
    return sum;
  }

  @Test
  void zerosAreNotRounded() {
    Network network = RandomNetwork.residual(3);
    float[] weights = network.parameters().get("w4");
    for (int i = 0; i < weights.length; i += 2) {
      weights[i] = 0;
    }
    InputProducts products =
        InputProducts.of(network, 5, item -> RandomNetwork.input(network, item)).get("w4");
    Quantization quantization = WeightScale.LARGEST.of(weights, 8, true, 3);
    float[] rounded = AdaptiveRounding.round(weights, quantization, products);
    for (int i = 0; i < weights.length; i += 2) {
      assertEquals(0, rounded[i]);
    }
  }
}
