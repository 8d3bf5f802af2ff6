// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.network;

import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Shape;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Constants of layers that are not trained yet: weights from a normal distribution of variance 2 /
 * inputs, everything else one number. Source: K. He, X. Zhang, S. Ren, J. Sun, Delving Deep into
 * Rectifiers, ICCV 2015.
 */
final class InitialWeights {
  private final SplittableRandom random;

  InitialWeights(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /**
   * Weights, row-major.
   *
   * @param shape outputs first
   */
  FloatTensor weights(Shape shape) {
    float[] data = new float[shape.elements()];
    int inputs = data.length / shape.dimension(0);
    double deviation = Math.sqrt(2.0 / inputs);
    for (int i = 0; i < data.length; i++) {
      data[i] = (float) (deviation * random.nextGaussian());
    }
    return FloatTensor.of(shape, data);
  }

  /** One number for each of some channels. */
  static FloatTensor equal(int channels, float number) {
    float[] data = new float[channels];
    Arrays.fill(data, number);
    return FloatTensor.of(Shape.of(channels), data);
  }
}
