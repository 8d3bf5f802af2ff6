// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe;

import dev.etch.compress.network.Parameters;
import dev.etch.compress.network.WeightedLayer;
import dev.etch.compress.quantize.Grid;
import dev.etch.compress.quantize.QuantizationPlan;
import dev.etch.compress.training.Adjustment;
import dev.etch.compress.training.Model;
import dev.etch.compress.training.Restrictions;
import dev.etch.compress.training.Trainer;
import dev.etch.compress.training.TrainingPlan;

/**
 * Rounds weights to the integers that they become, and trains them through the rounding.
 *
 * @param quantization what of it is about weights
 * @param plan the training
 */
public record QuantizeWeights(QuantizationPlan quantization, TrainingPlan plan) implements Step {
  @Override
  public Step untrained() {
    return new QuantizeWeights(quantization, plan.of(0));
  }

  @Override
  public String title() {
    return "quantize";
  }

  @Override
  public Model apply(Model model, Trainer trainer, long seed) {
    Parameters parameters = model.network().parameters();
    Restrictions restrictions = model.restrictions();
    for (WeightedLayer layer : model.network().layers()) {
      float[] weights = parameters.get(layer.weights());
      restrictions =
          restrictions.with(layer.weights(), new Grid(quantization.ofWeights(layer, weights)));
    }
    return trainer.train(title(), model.restricted(restrictions), plan, Adjustment.NONE, seed);
  }
}
