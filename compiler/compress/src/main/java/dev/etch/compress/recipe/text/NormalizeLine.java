// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

import dev.etch.compress.data.Normalization;
import java.util.Optional;

/**
 * {@code normalize}: what the model gets for an element of the data.
 *
 * @param scale of the element
 * @param zero the element that becomes 0; 0 if left out
 */
record NormalizeLine(Float scale, Optional<Integer> zero) implements SettingLine {
  @Override
  public void apply(RecipeDraft draft) {
    draft.normalize(new Normalization(scale, zero.orElse(0)));
  }

  static NormalizeLine of(Normalization normalization) {
    return new NormalizeLine(normalization.scale(), Optional.of(normalization.zeroPoint()));
  }
}
