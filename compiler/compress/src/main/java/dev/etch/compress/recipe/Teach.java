// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe;

import dev.etch.compress.training.Model;
import dev.etch.compress.training.Teacher;
import dev.etch.compress.training.Trainer;

/**
 * Makes the model as it is the teacher of what becomes of it in later steps.
 *
 * @param temperature by which scores are divided, above 0
 * @param weight of the teacher in the loss, 0 to 1; the labels have the rest
 */
public record Teach(float temperature, float weight) implements Step {
  @Override
  public String title() {
    return "teach";
  }

  @Override
  public Model apply(Model model, Trainer trainer, long seed) {
    return model.taughtBy(new Teacher(model.network(), temperature, weight));
  }
}
