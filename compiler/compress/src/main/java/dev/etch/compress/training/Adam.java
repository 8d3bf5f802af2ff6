// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.training;

import dev.etch.compress.network.Parameters;
import java.util.function.ToDoubleFunction;

/**
 * Adam with its authors' constants. Source: D. Kingma, J. Ba, Adam: A Method for Stochastic
 * Optimization, ICLR 2015.
 */
final class Adam implements Optimizer {
  private static final long serialVersionUID = 1;

  private static final float FIRST = 0.9f;
  private static final float SECOND = 0.999f;
  private static final float EPSILON = 1e-8f;

  private final Parameters means;
  private final Parameters squares;
  private int steps;

  Adam(Parameters values) {
    this.means = values.zeros();
    this.squares = values.zeros();
  }

  @Override
  public void step(Parameters values, Parameters gradients, float rate) {
    step(values, gradients, name -> rate);
  }

  /** A step with a rate for each array. */
  void step(Parameters values, Parameters gradients, ToDoubleFunction<String> rates) {
    steps++;
    float correction = (float) (1 / (1 - Math.pow(SECOND, steps)));
    for (String name : values.names()) {
      float rate = (float) rates.applyAsDouble(name);
      float scaledRate = (float) (rate / (1 - Math.pow(FIRST, steps)));
      step(
          values.get(name),
          gradients.get(name),
          means.get(name),
          squares.get(name),
          scaledRate,
          correction);
    }
  }

  private static void step(
      float[] values,
      float[] gradients,
      float[] mean,
      float[] square,
      float rate,
      float correction) {
    for (int i = 0; i < values.length; i++) {
      float gradient = gradients[i];
      mean[i] = FIRST * mean[i] + (1 - FIRST) * gradient;
      square[i] = SECOND * square[i] + (1 - SECOND) * gradient * gradient;
      values[i] -= rate * mean[i] / ((float) Math.sqrt(square[i] * correction) + EPSILON);
    }
  }
}
