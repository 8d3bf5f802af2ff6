// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.training;

import dev.etch.compress.network.Parameters;
import java.io.Serializable;

/**
 * Moves values against their gradients; remembers what it needs of earlier steps, and is serialized
 * with it into checkpoints.
 */
public interface Optimizer extends Serializable {
  /** Changes {@code values} in place by one step. */
  void step(Parameters values, Parameters gradients, float rate);

  /** The optimizers that there are. */
  enum Kind {
    ADAM {
      @Override
      Optimizer of(Parameters values) {
        return new Adam(values);
      }
    },
    /** Adam with the rate of each array in proportion to the magnitude of its numbers. */
    SCALED_ADAM {
      @Override
      Optimizer of(Parameters values) {
        return new ScaledAdam(values);
      }
    },
    MOMENTUM {
      @Override
      Optimizer of(Parameters values) {
        return new Momentum(values);
      }
    };

    /** A new one for parameters like these. */
    abstract Optimizer of(Parameters values);
  }
}
