// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

import dev.etch.compress.factorize.Method;
import dev.etch.compress.factorize.RankRule;
import dev.etch.compress.recipe.Factorize;
import dev.etch.compress.recipe.Step;
import dev.etch.compress.training.Optimizer;
import dev.etch.diagnostic.CompilerBug;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code factorize}: layers become products of smaller ones, by the energy or the size that is
 * left.
 *
 * @param method SINGULAR_VALUES, SPATIAL or TUCKER
 * @param energy part of the squares of singular values
 * @param size part of the weights, in place of the energy
 * @param layers those that are factorized; all that the method takes if left out
 * @param epochs of the training in it; 5 if left out
 * @param rate of learning; 0.0003 if left out
 * @param decay of weights; none if left out
 * @param optimizer ADAM, SCALED_ADAM or MOMENTUM; ADAM if left out
 */
record FactorizeLine(
    Method method,
    Optional<Double> energy,
    Optional<Double> size,
    Optional<List<String>> layers,
    Optional<Integer> epochs,
    Optional<Float> rate,
    Optional<Float> decay,
    Optional<Optimizer.Kind> optimizer)
    implements StepLine {
  @Override
  public Step step(RecipeDraft draft) {
    return new Factorize(
        method,
        draft.ranks(method, energy, size, layers),
        Plans.of(epochs, rate, decay, optimizer, Plans.TUNING));
  }

  /**
   * The line that is read as a step.
   *
   * @throws CompilerBug if its layers have not all the same rule, which no line can say
   */
  static FactorizeLine of(Factorize step) {
    Set<RankRule> rules = Set.copyOf(step.rules().values());
    if (rules.size() > 1) {
      throw new CompilerBug("no text form of " + step.rules());
    }
    // Of no layer, any rule says the same.
    RankRule rule = rules.stream().findFirst().orElse(new RankRule.Size(1));
    return new FactorizeLine(
        step.method(),
        rule.energy(),
        rule.size(),
        Optional.of(step.rules().keySet().stream().sorted().toList()),
        Optional.of(step.plan().epochs()),
        Optional.of(step.plan().rate()),
        Plans.decay(step.plan()),
        Plans.optimizer(step.plan()));
  }
}
