// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

import dev.etch.compress.training.TrainingPlan;
import java.util.Optional;

/** The training that lines ask for. */
final class Plans {
  /** Learning rate of a training from the beginning. */
  static final float TRAINING = 1e-3f;

  /** Learning rate where weights are tuned. */
  static final float TUNING = 3e-4f;

  private static final int EPOCHS = 5;

  private Plans() {}

  static TrainingPlan of(
      Optional<Integer> epochs, Optional<Float> rate, Optional<Float> decay, float usual) {
    float chosen = rate.orElse(usual);
    if (epochs.orElse(EPOCHS) < 0) {
      throw new IllegalArgumentException(epochs.get() + " epochs");
    }
    if (!(chosen > 0 && chosen < 1)) {
      throw new IllegalArgumentException("a learning rate of " + chosen);
    }
    return TrainingPlan.adam(epochs.orElse(EPOCHS), chosen).withDecay(decay.orElse(0f));
  }
}
