// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

import dev.etch.compress.training.Optimizer;

/**
 * {@code optimizer}: what trains in all steps; ADAM without this line.
 *
 * @param kind ADAM, SCALED_ADAM or MOMENTUM
 */
record OptimizerLine(Optimizer.Kind kind) implements SettingLine {
  @Override
  public void apply(RecipeDraft draft) {
    draft.optimize(kind);
  }
}
