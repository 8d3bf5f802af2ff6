// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

import dev.etch.compress.training.Optimizer;
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
      Optional<Integer> epochs,
      Optional<Float> rate,
      Optional<Float> decay,
      Optional<Optimizer.Kind> optimizer,
      float usual) {
    float chosen = rate.orElse(usual);
    if (epochs.orElse(EPOCHS) < 0) {
      throw new IllegalArgumentException(epochs.get() + " epochs");
    }
    if (!(chosen > 0 && chosen < 1)) {
      throw new IllegalArgumentException("a learning rate of " + chosen);
    }
    return TrainingPlan.adam(epochs.orElse(EPOCHS), chosen)
        .with(optimizer.orElse(Optimizer.Kind.ADAM))
        .withDecay(decay.orElse(0f));
  }

  /** What a line says of the decay: nothing if there is none. */
  static Optional<Float> decay(TrainingPlan plan) {
    return Optional.of(plan.decay()).filter(decay -> decay != 0);
  }

  /** What a line says of the optimizer: nothing of the usual one. */
  static Optional<Optimizer.Kind> optimizer(TrainingPlan plan) {
    return Optional.of(plan.optimizer()).filter(kind -> kind != Optimizer.Kind.ADAM);
  }
}
