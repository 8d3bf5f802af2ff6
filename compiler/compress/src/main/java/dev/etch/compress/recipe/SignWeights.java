// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe;

import dev.etch.compress.network.WeightedLayer;
import dev.etch.compress.quantize.Signs;
import dev.etch.compress.training.Adjustment;
import dev.etch.compress.training.Model;
import dev.etch.compress.training.Restrictions;
import dev.etch.compress.training.Trainer;
import dev.etch.compress.training.TrainingPlan;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * Makes weights a scale times their sign, or zero, and trains them through that.
 *
 * @param kind binary or ternary
 * @param perChannel whether each output channel has a scale of its own
 * @param except names of layers that are left as they are
 * @param plan the training
 */
public record SignWeights(
    Signs.Kind kind, boolean perChannel, Set<String> except, TrainingPlan plan) implements Step {
  public SignWeights {
    Objects.requireNonNull(kind);
    except = Set.copyOf(except);
  }

  @Override
  public String title() {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public Model apply(Model model, Trainer trainer, long seed) {
    Restrictions restrictions = model.restrictions();
    for (WeightedLayer layer : model.network().layers()) {
      if (!except.contains(layer.name())) {
        int channels = perChannel ? layer.shape().dimension(0) : 1;
        restrictions = restrictions.with(layer.weights(), new Signs(kind, channels));
      }
    }
    return trainer.train(title(), model.restricted(restrictions), plan, Adjustment.NONE, seed);
  }
}
