// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.quantize;

import dev.etch.op.Quantization;
import java.util.Objects;

/**
 * Weights are those that integers stand for, by the definition that the reference uses. The
 * gradient is passed on as if they were not, but for weights beyond the largest integer.
 *
 * @param quantization of the weights, per tensor or by their first axis
 */
public record Grid(Quantization quantization) implements IntegerWeights {
  public Grid {
    Objects.requireNonNull(quantization);
  }

  @Override
  public Quantization quantization(float[] allowed) {
    return quantization;
  }

  @Override
  public float[] restrict(float[] values) {
    float[] result = new float[values.length];
    for (int i = 0; i < result.length; i++) {
      int channel = channel(i, values.length);
      int integer = WeightScale.quantize(values[i], quantization, channel);
      result[i] = quantization.dequantize(integer, channel);
    }
    return result;
  }

  @Override
  public float[] gradient(float[] values, float[] gradient) {
    float[] result = gradient.clone();
    for (int i = 0; i < result.length; i++) {
      float reach =
          quantization.scale(channel(i, values.length)) * (quantization.type().maximum() + 0.5f);
      if (Math.abs(values[i]) > reach) {
        result[i] = 0;
      }
    }
    return result;
  }

  private int channel(int index, int length) {
    return index / (length / quantization.scales().size());
  }
}
