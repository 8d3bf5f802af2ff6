// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.quantize;

import dev.etch.op.Quantization;
import dev.etch.tensor.IntegerType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** How the scale of symmetric weights is chosen. */
public enum WeightScale {
  /** So that the largest magnitude is the largest integer. */
  LARGEST {
    @Override
    float scale(float[] weights, int from, int to, IntegerType type) {
      float largest = 0;
      for (int i = from; i < to; i++) {
        largest = Math.max(largest, Math.abs(weights[i]));
      }
      float scale = largest / type.maximum();
      return scale > 0 ? scale : 1;
    }
  },

  /** So that the sum of the squared errors is least, of 64 scales down from that of the largest. */
  SQUARED_ERROR {
    @Override
    float scale(float[] weights, int from, int to, IntegerType type) {
      float largest = LARGEST.scale(weights, from, to, type);
      float best = largest;
      double least = Double.POSITIVE_INFINITY;
      for (int i = TRIED; i > 0; i--) {
        float scale = largest * i / TRIED;
        double error = error(weights, from, to, Quantization.perTensor(type, scale, 0));
        if (error < least) {
          least = error;
          best = scale;
        }
      }
      return best;
    }
  },

  /**
   * The power of two for which the sum of the squared errors is least, so that to rescale is to
   * shift.
   */
  POWER_OF_TWO {
    @Override
    float scale(float[] weights, int from, int to, IntegerType type) {
      float largest = LARGEST.scale(weights, from, to, type);
      int highest = Math.getExponent(largest) + 1;
      float best = 1;
      double least = Double.POSITIVE_INFINITY;
      for (int exponent = highest; exponent > highest - type.bits() - 1; exponent--) {
        float scale = Math.scalb(1f, exponent);
        double error =
            scale > 0
                ? error(weights, from, to, Quantization.perTensor(type, scale, 0))
                : Double.POSITIVE_INFINITY;
        if (error < least) {
          least = error;
          best = scale;
        }
      }
      return best;
    }
  };

  private static final int TRIED = 64;

  abstract float scale(float[] weights, int from, int to, IntegerType type);

  /**
   * The quantization of a layer's weights, symmetric: the smallest integer is not used, so that
   * each has its opposite.
   *
   * @param weights row-major, outputs first
   * @param outputs channels, each with a scale of its own if {@code perChannel}
   * @param bits 2 to 16
   */
  Quantization of(float[] weights, int outputs, boolean perChannel, int bits) {
    IntegerType type = new IntegerType(bits, true);
    int channels = perChannel ? outputs : 1;
    int length = weights.length / channels;
    List<Float> scales = new ArrayList<>();
    for (int channel = 0; channel < channels; channel++) {
      scales.add(scale(weights, channel * length, (channel + 1) * length, type));
    }
    return new Quantization(type, scales, Collections.nCopies(channels, 0), 0);
  }

  /** The integer of a weight, without the smallest of the type. */
  static int quantize(float weight, Quantization quantization, int channel) {
    int integer = quantization.quantize(weight, channel);
    return (int) Math.max(integer, -quantization.type().maximum());
  }

  private static double error(float[] weights, int from, int to, Quantization quantization) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      double error = weights[i] - quantization.dequantize(quantize(weights[i], quantization, 0), 0);
      sum += error * error;
    }
    return sum;
  }
}
