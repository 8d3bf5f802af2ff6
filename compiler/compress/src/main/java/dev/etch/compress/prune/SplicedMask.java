// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.prune;

import dev.etch.compress.training.Restriction;
import java.io.Serializable;
import java.util.Objects;

/**
 * Some weights are zero for now. The values behind them are trained on, so that they may come back.
 *
 * @param kept whether a weight counts now; is not copied
 */
record SplicedMask(boolean[] kept) implements Restriction, Serializable {
  SplicedMask {
    Objects.requireNonNull(kept);
  }

  @Override
  public float[] restrict(float[] values) {
    return Mask.zeroed(values, kept);
  }

  @Override
  public float[] gradient(float[] values, float[] gradient) {
    return gradient;
  }
}
