// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

import dev.etch.compress.recipe.Step;
import dev.etch.compress.recipe.Teach;
import java.util.Optional;

/**
 * {@code teach}: the model as it is teaches what becomes of it.
 *
 * @param temperature by which scores are divided; 3 if left out
 * @param weight of the teacher in the loss; 0.5 if left out
 */
record TeachLine(Optional<Float> temperature, Optional<Float> weight) implements StepLine {
  @Override
  public Step step(RecipeDraft draft) {
    return new Teach(temperature.orElse(3f), weight.orElse(0.5f));
  }

  @Override
  public boolean restricts() {
    return false;
  }
}
