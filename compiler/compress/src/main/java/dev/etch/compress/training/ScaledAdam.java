// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.training;

import dev.etch.compress.network.Parameters;
import java.util.Map;

/**
 * Adam whose rate is a part of the root mean square of each array. Of a network whose batch
 * normalizations are folded into its weights, arrays have magnitudes of their own: a layer of
 * pixels 0 to 255 has weights of some thousandths, and one rate for all would throw it away or
 * leave the others where they are. Source: N. Shazeer, M. Stern, Adafactor: Adaptive Learning Rates
 * with Sublinear Memory Cost, ICML 2018, section 8.
 */
final class ScaledAdam implements Optimizer {
  /** What an array of zeros counts as, so that it can leave them. */
  private static final float LEAST = 1e-3f;

  private final Adam adam;

  ScaledAdam(Parameters values) {
    this.adam = new Adam(values);
  }

  @Override
  public void step(Parameters values, Parameters gradients, float rate) {
    Map<String, float[]> arrays = values.arrays();
    adam.step(values, gradients, name -> rate * Math.max(LEAST, rootMeanSquare(arrays.get(name))));
  }

  private static float rootMeanSquare(float[] array) {
    double sum = 0;
    for (float number : array) {
      sum += (double) number * number;
    }
    return (float) Math.sqrt(sum / array.length);
  }
}
