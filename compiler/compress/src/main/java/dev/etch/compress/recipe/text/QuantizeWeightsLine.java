// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

import dev.etch.compress.recipe.QuantizeWeights;
import dev.etch.compress.recipe.Step;
import java.util.Optional;

/**
 * {@code quantize-weights}: weights are trained through their rounding.
 *
 * @param epochs of the training in it; 5 if left out
 * @param rate of learning; 0.0003 if left out
 * @param decay of weights; none if left out
 */
record QuantizeWeightsLine(Optional<Integer> epochs, Optional<Float> rate, Optional<Float> decay)
    implements StepLine {
  @Override
  public Step step(RecipeDraft draft) {
    return new QuantizeWeights(draft.quantization(), draft.plan(epochs, rate, decay, Plans.TUNING));
  }
}
