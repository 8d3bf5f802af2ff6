// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe;

import dev.etch.compress.training.Model;
import dev.etch.compress.training.Teacher;
import dev.etch.compress.training.Trainer;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes the model as it is the teacher of what becomes of it in later steps, by its scores and by
 * values inside, which keep their shapes.
 *
 * @param temperature by which scores are divided, above 0
 * @param weight of the teacher's scores in the loss, 0 to 1; the labels have the rest
 * @param hints weights in the loss of values inside, by their names
 */
public record TeachInside(float temperature, float weight, Map<String, Float> hints)
    implements Step {
  public TeachInside {
    hints = Collections.unmodifiableMap(new TreeMap<>(hints));
  }

  @Override
  public String title() {
    return "hints";
  }

  @Override
  public Model apply(Model model, Trainer trainer, long seed) {
    return model.taughtBy(new Teacher(model.network(), temperature, weight, hints));
  }
}
