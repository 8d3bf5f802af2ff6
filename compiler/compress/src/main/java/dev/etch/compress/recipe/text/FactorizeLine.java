// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

import dev.etch.compress.factorize.Method;
import dev.etch.compress.recipe.Factorize;
import dev.etch.compress.recipe.Step;
import java.util.List;
import java.util.Optional;

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
 */
record FactorizeLine(
    Method method,
    Optional<Double> energy,
    Optional<Double> size,
    Optional<List<String>> layers,
    Optional<Integer> epochs,
    Optional<Float> rate,
    Optional<Float> decay)
    implements StepLine {
  @Override
  public Step step(RecipeDraft draft) {
    return new Factorize(
        method,
        draft.ranks(method, energy, size, layers),
        draft.plan(epochs, rate, decay, Plans.TUNING));
  }
}
