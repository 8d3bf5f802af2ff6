// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.training;

import dev.etch.compress.network.Parameters;

/** Stochastic gradient descent with a momentum of 0.9. */
final class Momentum implements Optimizer {
  private static final long serialVersionUID = 1;

  private static final float MOMENTUM = 0.9f;

  private final Parameters velocities;

  Momentum(Parameters values) {
    this.velocities = values.zeros();
  }

  @Override
  public void step(Parameters values, Parameters gradients, float rate) {
    for (String name : values.names()) {
      float[] value = values.get(name);
      float[] velocity = velocities.get(name);
      float[] gradient = gradients.get(name);
      for (int i = 0; i < value.length; i++) {
        velocity[i] = MOMENTUM * velocity[i] + gradient[i];
        value[i] -= rate * velocity[i];
      }
    }
  }
}
