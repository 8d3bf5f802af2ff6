// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

import dev.etch.compress.quantize.Signs;
import dev.etch.compress.recipe.SignWeights;
import dev.etch.compress.recipe.Step;
import dev.etch.compress.training.Optimizer;
import java.util.List;
import java.util.Optional;

/**
 * {@code signs}: weights are a scale times their sign, or zero.
 *
 * @param kind BINARY or TERNARY
 * @param perChannel whether each output has a scale; true if left out
 * @param except layers that are left as they are
 * @param epochs of the training in it; 5 if left out
 * @param rate of learning; 0.0003 if left out
 * @param decay of weights; none if left out
 * @param optimizer ADAM, SCALED_ADAM or MOMENTUM; ADAM if left out
 */
record SignsLine(
    Signs.Kind kind,
    Optional<Boolean> perChannel,
    Optional<List<String>> except,
    Optional<Integer> epochs,
    Optional<Float> rate,
    Optional<Float> decay,
    Optional<Optimizer.Kind> optimizer)
    implements StepLine {
  @Override
  public Step step(RecipeDraft draft) {
    return new SignWeights(
        kind,
        perChannel.orElse(true),
        draft.names(except),
        Plans.of(epochs, rate, decay, optimizer, Plans.TUNING));
  }

  /** The line that is read as a step. */
  static SignsLine of(SignWeights step) {
    return new SignsLine(
        step.kind(),
        Optional.of(step.perChannel()),
        Named.names(step.except()),
        Optional.of(step.plan().epochs()),
        Optional.of(step.plan().rate()),
        Plans.decay(step.plan()),
        Plans.optimizer(step.plan()));
  }
}
