// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import java.util.Random;

/**
 * Random weights as pruning and clustering leave them (S. Han, H. Mao, W. Dally, Deep Compression,
 * ICLR 2016): of normally distributed weights those of the largest magnitudes are left, and stand
 * for the nearest of 32 centroids that are spread evenly over their range, as that paper starts
 * them and uses them for dense layers, with 5 bits of index.
 */
final class PrunedWeights {
  private static final int CENTROIDS = 32;

  /** Standard deviations of the largest weight. */
  private static final double RANGE = 4;

  private static final int BISECTIONS = 50;
  private static final int STRIPS = 4096;

  private PrunedWeights() {}

  /** Weights of each output of a layer, one after the other: int8. */
  static int[] of(MatrixBench.Layer layer) {
    Random random = new Random(layer.inputs() * 31L + layer.outputs());
    double least = threshold(layer.density());
    int[] weights = new int[layer.inputs() * layer.outputs()];
    for (int i = 0; i < weights.length; i++) {
      double weight = random.nextGaussian();
      weights[i] = Math.abs(weight) < least ? 0 : centroid(weight, least);
    }
    return weights;
  }

  /** The nearest centroid: half of them are positive. */
  private static int centroid(double weight, double least) {
    int ofSign = CENTROIDS / 2;
    double step = (RANGE - least) / ofSign;
    int index = (int) Math.min(ofSign - 1, (Math.abs(weight) - least) / step);
    double centre = least + (index + 0.5) * step;
    return (int) Math.signum(weight) * (int) Math.round(Byte.MAX_VALUE * centre / RANGE);
  }

  /** The magnitude that a part of normally distributed numbers exceeds, by bisection. */
  private static double threshold(double density) {
    double low = 0;
    double high = RANGE;
    for (int i = 0; i < BISECTIONS; i++) {
      double middle = (low + high) / 2;
      if (exceeding(middle) > density) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The part of normally distributed numbers of a larger magnitude, by the midpoint rule. */
  private static double exceeding(double magnitude) {
    double width = (2 * RANGE - magnitude) / STRIPS;
    double sum = 0;
    for (int i = 0; i < STRIPS; i++) {
      double at = magnitude + (i + 0.5) * width;
      sum += Math.exp(-at * at / 2);
    }
    return 2 * sum * width / Math.sqrt(2 * Math.PI);
  }
}
