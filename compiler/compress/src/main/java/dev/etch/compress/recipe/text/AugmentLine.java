// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

import dev.etch.compress.data.Augmentation;
import java.util.Optional;

/**
 * {@code augment}: how training images vary.
 *
 * @param shift pixels by which they are moved at most; 0 if left out
 * @param flip whether half of them are mirrored; not if left out
 */
record AugmentLine(Optional<Integer> shift, Optional<Boolean> flip) implements SettingLine {
  @Override
  public void apply(RecipeDraft draft) {
    draft.augment(new Augmentation(shift.orElse(0), flip.orElse(false)));
  }

  static AugmentLine of(Augmentation augmentation) {
    return new AugmentLine(Optional.of(augmentation.shift()), Optional.of(augmentation.flip()));
  }
}
