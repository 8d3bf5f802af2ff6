// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe;

import dev.etch.compress.prune.Mask;
import dev.etch.compress.quantize.Equalization;
import dev.etch.compress.training.Model;
import dev.etch.compress.training.Trainer;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;

/** Makes the ranges of channels alike, so that rounding loses less. It needs no data. */
public record Equalize() implements Step {
  @Override
  public String title() {
    return "equalize";
  }

  @Override
  public Model apply(Model model, Trainer trainer, long seed) {
    boolean onlyMasks =
        model.restrictions().byName().values().stream()
            .allMatch(list -> list.stream().allMatch(Mask.class::isInstance));
    if (!onlyMasks) {
      throw new DiagnosticException(
          Location.option("equalize"),
          "channels cannot be scaled when weights are shared or rounded already",
          "equalize them in an earlier step");
    }
    return new Model(Equalization.of(model.network()), model.restrictions(), model.teacher());
  }
}
