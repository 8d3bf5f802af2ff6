// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.quantize;

import dev.etch.compress.network.InputProducts;
import dev.etch.op.Quantization;

/**
 * Rounds each weight of a layer up or down so that the layer's outputs change least, for the inputs
 * that it has: of an output's weights w and rounded ones v, {@code (v - w) * H * (v - w)} is to be
 * small, where H are the means of products of inputs. From the nearest integers on, weights are
 * rounded the other way as long as that makes it smaller. The problem is that of M. Nagel, R. A.
 * Amjad, M. van Baalen, C. Louizos, T. Blankevoort, Up or Down? Adaptive Rounding for Post-Training
 * Quantization, ICML 2020, who solve it relaxed to real numbers; descending weight by weight needs
 * no rate and no seed.
 */
public final class AdaptiveRounding {
  private static final int MOST_SWEEPS = 50;

  private final float[] weights;
  private final Quantization quantization;
  private final InputProducts products;

  private AdaptiveRounding(float[] weights, Quantization quantization, InputProducts products) {
    this.weights = weights;
    this.quantization = quantization;
    this.products = products;
  }

  /**
   * The values that the integers stand for. Zeros stay zero.
   *
   * @param weights row-major, outputs first
   * @param quantization symmetric, per tensor or by outputs
   */
  public static float[] round(float[] weights, Quantization quantization, InputProducts products) {
    return new AdaptiveRounding(weights, quantization, products).round();
  }

  private float[] round() {
    double[][] means = new double[products.groups()][];
    for (int group = 0; group < means.length; group++) {
      means[group] = products.means(group);
    }
    float[] rounded = new float[weights.length];
    int inputs = products.inputs();
    for (int output = 0; output < weights.length / inputs; output++) {
      row(output, means[products.group(output)], rounded);
    }
    return rounded;
  }

  private void row(int output, double[] means, float[] into) {
    int inputs = products.inputs();
    int from = output * inputs;
    for (int i = 0; i < inputs; i++) {
      into[from + i] =
          quantization.dequantize(
              WeightScale.quantize(weights[from + i], quantization, output), output);
    }
    double[] gradient = new double[inputs];
    for (int i = 0; i < inputs; i++) {
      double error = into[from + i] - (double) weights[from + i];
      for (int j = 0; error != 0 && j < inputs; j++) {
        gradient[j] += error * means[i * inputs + j];
      }
    }
    boolean isMoved = true;
    for (int sweep = 0; isMoved && sweep < MOST_SWEEPS; sweep++) {
      isMoved = false;
      for (int i = 0; i < inputs; i++) {
        isMoved |= move(output, i, means, gradient, into);
      }
    }
  }

  /** Rounds a weight the other way, if the error becomes smaller. */
  private boolean move(int output, int i, double[] means, double[] gradient, float[] into) {
    int inputs = products.inputs();
    int at = output * inputs + i;
    float other = otherWay(at, output, into[at]);
    double step = other - (double) into[at];
    if (weights[at] == 0 || step * (2 * gradient[i] + step * means[i * inputs + i]) >= -TINY) {
      return false;
    }
    into[at] = other;
    for (int j = 0; j < inputs; j++) {
      gradient[j] += step * means[i * inputs + j];
    }
    return true;
  }

  private static final double TINY = 1e-15;

  /** The grid's value on the other side of the weight; the same value at the end of the grid. */
  private float otherWay(int at, int output, float value) {
    int integer = WeightScale.quantize(value, quantization, output);
    int moved = integer + (weights[at] > value ? 1 : -1);
    long most = quantization.type().maximum();
    return weights[at] == value || Math.abs(moved) > most
        ? value
        : quantization.dequantize(moved, output);
  }
}
