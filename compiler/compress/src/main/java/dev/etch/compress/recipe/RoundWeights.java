// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe;

import dev.etch.compress.network.InputProducts;
import dev.etch.compress.network.Parameters;
import dev.etch.compress.network.WeightedLayer;
import dev.etch.compress.quantize.AdaptiveRounding;
import dev.etch.compress.quantize.Grid;
import dev.etch.compress.quantize.QuantizationPlan;
import dev.etch.compress.training.Items;
import dev.etch.compress.training.Model;
import dev.etch.compress.training.Restrictions;
import dev.etch.compress.training.Trainer;
import dev.etch.op.Quantization;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.TensorType;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Rounds weights to the integers that they become, without training or labels, and moves biases by
 * what rounding changed the mean of each output. Source of the latter: M. Nagel, M. van Baalen, T.
 * Blankevoort, M. Welling, Data-Free Quantization Through Weight Equalization and Bias Correction,
 * ICCV 2019, with measured means.
 *
 * @param quantization what of it is about weights
 * @param items of the training set that layers' inputs are measured with, at least 1
 * @param adapts whether weights are rounded up or down by what that does to outputs, else to the
 *     nearest integer
 */
public record RoundWeights(QuantizationPlan quantization, int items, boolean adapts)
    implements Step {
  public RoundWeights {
    Objects.requireNonNull(quantization);
    if (items < 1) {
      throw new IllegalArgumentException(items + " items");
    }
  }

  @Override
  public String title() {
    return "round";
  }

  @Override
  public Model apply(Model model, Trainer trainer, long seed) {
    Items set = trainer.items();
    TensorType input = model.network().input().type();
    Map<String, InputProducts> products =
        InputProducts.of(
            model.network(),
            Math.min(items, set.count()),
            item -> new FloatTensor(input, set.item(item)));
    Parameters parameters = model.network().parameters();
    Map<String, float[]> changed = new HashMap<>();
    Restrictions restrictions = model.restrictions();
    for (WeightedLayer layer : model.network().layers()) {
      float[] weights = parameters.get(layer.weights());
      Quantization integers = quantization.ofWeights(layer, weights);
      InputProducts inputs = products.get(layer.weights());
      Grid grid = new Grid(integers);
      float[] rounded =
          adapts ? AdaptiveRounding.round(weights, integers, inputs) : grid.restrict(weights);
      changed.put(layer.weights(), rounded);
      layer
          .bias()
          .ifPresent(
              bias -> changed.put(bias, corrected(parameters.get(bias), weights, rounded, inputs)));
      restrictions = restrictions.with(layer.weights(), grid);
    }
    return new Model(model.network().with(new Parameters(changed)), restrictions, model.teacher())
        .restricted(restrictions);
  }

  /** Biases less the mean of what rounding adds to each output. */
  private static float[] corrected(
      float[] bias, float[] weights, float[] rounded, InputProducts products) {
    float[] result = bias.clone();
    for (int output = 0; output < result.length; output++) {
      double[] averages = products.averages(products.group(output));
      double added = 0;
      for (int i = 0; i < averages.length; i++) {
        int at = output * averages.length + i;
        added += (rounded[at] - (double) weights[at]) * averages[i];
      }
      result[output] -= (float) added;
    }
    return result;
  }
}
