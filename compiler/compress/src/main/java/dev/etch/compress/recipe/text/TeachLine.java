// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

import dev.etch.compress.recipe.Step;
import dev.etch.compress.recipe.Teach;
import dev.etch.compress.recipe.TeachInside;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * {@code teach}: the model as it is teaches what becomes of it.
 *
 * @param temperature by which scores are divided; 3 if left out
 * @param weight of the teacher in the loss; 0.5 if left out
 * @param hints values inside that it teaches, too
 */
record TeachLine(
    Optional<Float> temperature, Optional<Float> weight, Optional<List<HintWeight>> hints)
    implements StepLine {
  @Override
  public Step step(RecipeDraft draft) {
    Map<String, Float> inside =
        hints.orElse(List.of()).stream()
            .collect(Collectors.toMap(HintWeight::value, HintWeight::weight, (a, b) -> b));
    inside.keySet().forEach(draft::requireValue);
    return inside.isEmpty()
        ? new Teach(temperature.orElse(3f), weight.orElse(0.5f))
        : new TeachInside(temperature.orElse(3f), weight.orElse(0.5f), inside);
  }

  @Override
  public boolean restricts() {
    return false;
  }

  static TeachLine of(Teach step) {
    return new TeachLine(
        Optional.of(step.temperature()), Optional.of(step.weight()), Optional.empty());
  }

  static TeachLine of(TeachInside step) {
    return new TeachLine(
        Optional.of(step.temperature()), Optional.of(step.weight()), Named.hints(step.hints()));
  }
}
