// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

/** A line that is not a step: it says something of the whole recipe, wherever it stands. */
sealed interface SettingLine extends RecipeLine permits AugmentLine, NormalizeLine, QuantizeLine {
  /** Says it. */
  void apply(RecipeDraft draft);
}
