// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

import dev.etch.compress.prune.KeptOfGroup;
import dev.etch.compress.recipe.PrunePattern;
import dev.etch.compress.recipe.Step;
import dev.etch.compress.training.Optimizer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code prune-groups}: N of M weights stay.
 *
 * @param kept weights of a group
 * @param group weights of it
 * @param except layers that are left as they are
 * @param part of the training in which is pruned; 0.6 if left out
 * @param epochs of the training in it; 5 if left out
 * @param rate of learning; 0.0003 if left out
 * @param decay of weights; none if left out
 * @param optimizer ADAM, SCALED_ADAM or MOMENTUM; ADAM if left out
 */
record PruneGroupsLine(
    Integer kept,
    Integer group,
    Optional<List<String>> except,
    Optional<Double> part,
    Optional<Integer> epochs,
    Optional<Float> rate,
    Optional<Float> decay,
    Optional<Optimizer.Kind> optimizer)
    implements StepLine {
  @Override
  public Step step(RecipeDraft draft) {
    return new PrunePattern(
        new KeptOfGroup(kept, group),
        Map.of(),
        draft.names(except),
        part.orElse(0.6),
        Plans.of(epochs, rate, decay, optimizer, Plans.TUNING));
  }

  /** The line that is read as a step. */
  static PruneGroupsLine of(PrunePattern step, KeptOfGroup pattern) {
    return new PruneGroupsLine(
        pattern.kept(),
        pattern.group(),
        Named.names(step.except()),
        Optional.of(step.part()),
        Optional.of(step.plan().epochs()),
        Optional.of(step.plan().rate()),
        Plans.decay(step.plan()),
        Plans.optimizer(step.plan()));
  }
}
