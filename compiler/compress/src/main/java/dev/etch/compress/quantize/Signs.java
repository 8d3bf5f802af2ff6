// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.quantize;

import dev.etch.op.Quantization;
import dev.etch.tensor.IntegerType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * Weights are a scale, its opposite, or zero. The scale is the mean magnitude of the free values
 * that are not zero in it, which has the least squared error, and follows them through a training.
 * The gradient is passed on as if weights were free, but where a value is beyond {@link #REACH}
 * scales and would only grow. Weights that are exactly zero, as masks leave them, stay zero.
 *
 * @param kind which values become zero
 * @param channels scales, along the first axis; 1 for the whole tensor
 */
public record Signs(Kind kind, int channels) implements IntegerWeights {
  /** Scales beyond which a value is not moved further from 0. */
  public static final float REACH = 4;

  private static final IntegerType TYPE = new IntegerType(2, true);

  /** Which values become zero. */
  public enum Kind {
    /**
     * None but zeros. Source: M. Rastegari, V. Ordonez, J. Redmon, A. Farhadi, XNOR-Net, ECCV 2016.
     */
    BINARY {
      @Override
      double threshold(double mean) {
        return 0;
      }
    },

    /**
     * Those below 0.7 of the mean magnitude. Source: F. Li, B. Liu, Ternary Weight Networks, 2016.
     */
    TERNARY {
      @Override
      double threshold(double mean) {
        return 0.7 * mean;
      }
    };

    abstract double threshold(double mean);
  }

  public Signs {
    Objects.requireNonNull(kind);
    if (channels < 1) {
      throw new IllegalArgumentException(channels + " scales");
    }
  }

  @Override
  public float[] restrict(float[] values) {
    float[] result = new float[values.length];
    int length = values.length / channels;
    for (int channel = 0; channel < channels; channel++) {
      restrict(values, channel * length, (channel + 1) * length, result);
    }
    return result;
  }

  private void restrict(float[] values, int from, int to, float[] into) {
    double threshold = kind.threshold(mean(values, from, to, 0));
    float scale = (float) mean(values, from, to, threshold);
    for (int i = from; i < to; i++) {
      into[i] = Math.abs(values[i]) > threshold ? Math.signum(values[i]) * scale : 0;
    }
  }

  /** Of the magnitudes above a threshold; 0 if there are none. */
  private static double mean(float[] values, int from, int to, double threshold) {
    double sum = 0;
    int count = 0;
    for (int i = from; i < to; i++) {
      if (Math.abs(values[i]) > threshold) {
        sum += Math.abs(values[i]);
        count++;
      }
    }
    return count == 0 ? 0 : sum / count;
  }

  @Override
  public float[] gradient(float[] values, float[] gradient) {
    float[] scales = scales(restrict(values));
    float[] result = gradient.clone();
    int length = values.length / channels;
    for (int i = 0; i < result.length; i++) {
      boolean isFar = Math.abs(values[i]) > REACH * scales[i / length];
      if (values[i] == 0 || (isFar && gradient[i] * values[i] < 0)) {
        result[i] = 0;
      }
    }
    return result;
  }

  @Override
  public Quantization quantization(float[] allowed) {
    List<Float> scales = new ArrayList<>();
    for (float scale : scales(allowed)) {
      scales.add(scale > 0 ? scale : 1);
    }
    return new Quantization(TYPE, scales, Collections.nCopies(channels, 0), 0);
  }

  private float[] scales(float[] allowed) {
    float[] scales = new float[channels];
    int length = allowed.length / channels;
    for (int i = 0; i < allowed.length; i++) {
      scales[i / length] = Math.max(scales[i / length], Math.abs(allowed[i]));
    }
    return scales;
  }
}
