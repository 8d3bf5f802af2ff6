// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.cluster;

import dev.etch.compress.training.Restriction;
import java.io.Serializable;
import java.util.Objects;

/**
 * Weights may be anything, but are drawn towards the components of a mixture: the gradient is that
 * of the loss and, times a weight, of the negative logarithm of the mixture's density. Zeros, which
 * were pruned, stay. Source: K. Ullrich, E. Meeds, M. Welling, Soft Weight-Sharing for Neural
 * Network Compression, ICLR 2017.
 *
 * @param mixture what weights are drawn to
 * @param weight of its part in the loss, above 0: in the source, 0.005 over the items of the
 *     training set
 */
public record SoftSharing(Mixture mixture, double weight) implements Restriction, Serializable {
  public SoftSharing {
    Objects.requireNonNull(mixture);
    if (!(weight > 0)) {
      throw new IllegalArgumentException("a weight of " + weight);
    }
  }

  @Override
  public float[] restrict(float[] values) {
    return values.clone();
  }

  @Override
  public float[] gradient(float[] values, float[] gradient) {
    float[] result = gradient.clone();
    for (int i = 0; i < result.length; i++) {
      if (values[i] != 0) {
        result[i] += (float) (weight * mixture.slope(values[i]));
      }
    }
    return result;
  }
}
