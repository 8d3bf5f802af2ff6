// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.network;

import dev.etch.reference.Interpreter;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Shape;
import dev.etch.text.GraphParser;
import java.util.List;
import java.util.SplittableRandom;

/** Networks for tests, as text with random constants. */
public final class RandomNetwork {
  private RandomNetwork() {}

  /** The network of a text, in which {@code #n} stands for n random numbers. */
  public static Network parse(String text, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    StringBuilder filled = new StringBuilder();
    for (String part : text.split("(?=#)", -1)) {
      if (part.startsWith("#")) {
        int end = part.indexOf('}');
        int count = Integer.parseInt(part.substring(1, end));
        StringBuilder numbers = new StringBuilder("[");
        for (int i = 0; i < count; i++) {
          numbers.append(i == 0 ? "" : ", ").append((float) random.nextGaussian() / 2);
        }
        filled.append(numbers).append(']').append(part.substring(end));
      } else {
        filled.append(part);
      }
    }
    return new Network(GraphParser.parse("test.etch", filled.toString()));
  }

  /** A random input of a network. */
  public static FloatTensor input(Network network, long seed) {
    return random(network.input().type().shape(), seed);
  }

  /** Gaussian numbers. */
  public static FloatTensor random(Shape shape, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] data = new float[shape.elements()];
    for (int i = 0; i < data.length; i++) {
      data[i] = (float) random.nextGaussian();
    }
    return FloatTensor.of(shape, data);
  }

  /** What the reference gives for an input. */
  public static float[] output(Network network, FloatTensor input) {
    return ((FloatTensor) new Interpreter(network.graph()).run(List.of(input)).get(0)).data();
  }

  /** Convolution, normalization, residual addition of a channelwise convolution, pools, dense. */
  public static Network residual(long seed) {
    return parse(
        """
        graph "residual"
        input %x : float32[1, 2, 6, 6]
        %w1 = constant() {weights = DenseWeights{tensor = float32[6, 2, 3, 3] #108}} : float32[6, 2, 3, 3]
        %b1 = constant() {weights = DenseWeights{tensor = float32[6] #6}} : float32[6]
        %c1 = conv2d(%x, %w1, %b1) {window = Window{kernelHeight = 3, kernelWidth = 3, strideHeight = 1, strideWidth = 1, dilationHeight = 1, dilationWidth = 1, padTop = 1, padLeft = 1, padBottom = 1, padRight = 1}, layout = NCHW, groups = 1} : float32[1, 6, 6, 6]
        %s = constant() {weights = DenseWeights{tensor = float32[6] [1.5, 0.5, -1.0, 2.0, 1.0, 0.7]}} : float32[6]
        %o = constant() {weights = DenseWeights{tensor = float32[6] [0.1, 0.2, 0.3, 0.4, 0.5, -0.1]}} : float32[6]
        %m = constant() {weights = DenseWeights{tensor = float32[6] [0.5, -0.5, 0.25, 0.0, 0.1, 0.2]}} : float32[6]
        %v = constant() {weights = DenseWeights{tensor = float32[6] [1.0, 2.0, 0.5, 0.25, 1.0, 1.0]}} : float32[6]
        %n = batchNormalization(%c1, %s, %o, %m, %v) {epsilon = 0.001, channelAxis = 1} : float32[1, 6, 6, 6]
        %r = relu(%n) : float32[1, 6, 6, 6]
        %w2 = constant() {weights = DenseWeights{tensor = float32[6, 1, 3, 3] #54}} : float32[6, 1, 3, 3]
        %b2 = constant() {weights = DenseWeights{tensor = float32[6] #6}} : float32[6]
        %c2 = conv2d(%r, %w2, %b2) {window = Window{kernelHeight = 3, kernelWidth = 3, strideHeight = 1, strideWidth = 1, dilationHeight = 1, dilationWidth = 1, padTop = 1, padLeft = 1, padBottom = 1, padRight = 1}, layout = NCHW, groups = 6} : float32[1, 6, 6, 6]
        %w3 = constant() {weights = DenseWeights{tensor = float32[6, 6, 1, 1] #36}} : float32[6, 6, 1, 1]
        %c3 = conv2d(%c2, %w3) {window = Window{kernelHeight = 1, kernelWidth = 1, strideHeight = 1, strideWidth = 1, dilationHeight = 1, dilationWidth = 1, padTop = 0, padLeft = 0, padBottom = 0, padRight = 0}, layout = NCHW, groups = 1} : float32[1, 6, 6, 6]
        %a = add(%r, %c3) : float32[1, 6, 6, 6]
        %p = maxPool2d(%a) {window = Window{kernelHeight = 2, kernelWidth = 2, strideHeight = 2, strideWidth = 2, dilationHeight = 1, dilationWidth = 1, padTop = 0, padLeft = 0, padBottom = 0, padRight = 0}, layout = NCHW} : float32[1, 6, 3, 3]
        %f = reshape(%p) {shape = [1, 54]} : float32[1, 54]
        %w4 = constant() {weights = DenseWeights{tensor = float32[8, 54] #432}} : float32[8, 54]
        %b4 = constant() {weights = DenseWeights{tensor = float32[8] #8}} : float32[8]
        %d = dense(%f, %w4, %b4) : float32[1, 8]
        %e = relu(%d) : float32[1, 8]
        %w5 = constant() {weights = DenseWeights{tensor = float32[3, 8] #24}} : float32[3, 8]
        %y = dense(%e, %w5) : float32[1, 3]
        output %y
        """,
        seed);
  }
}
