// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.search;

import dev.etch.compress.network.Parameters;
import dev.etch.compress.network.WeightedLayer;
import dev.etch.compress.prune.Blocks;
import dev.etch.compress.prune.Mask;
import dev.etch.compress.training.Model;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What a network loses when one layer alone is pruned and nothing is trained. Source: S. Han, J.
 * Pool, J. Tran, W. Dally, Learning both Weights and Connections for Efficient Neural Networks,
 * NIPS 2015, figure 6.
 *
 * @param losses for each layer one of each of {@link #DENSITIES}, which do not fall
 */
record SparsityScan(Map<String, List<Double>> losses) {
  /** Parts that stay, from all on, each about a sixth less than the one before. */
  static final List<Double> DENSITIES =
      List.of(
          1.0, 0.84, 0.7, 0.59, 0.5, 0.42, 0.35, 0.3, 0.25, 0.21, 0.18, 0.15, 0.125, 0.1, 0.08,
          0.06, 0.045, 0.03, 0.02);

  /**
   * How much the squares of the pruned weights count, as a part of all squares: it decides where no
   * item becomes wrong.
   */
  private static final double SQUARES = 0.01;

  /**
   * Scans a model.
   *
   * @param rows neighbouring outputs that are pruned together
   * @param accuracy of a model, 0 to 1, on items that it is not trained on
   */
  static SparsityScan of(Model model, int rows, ToDoubleFunction<Model> accuracy) {
    double full = accuracy.applyAsDouble(model);
    Parameters parameters = model.network().parameters();
    Map<String, List<Double>> losses = new LinkedHashMap<>();
    for (WeightedLayer layer : model.network().layers()) {
      float[] weights = parameters.get(layer.weights());
      List<Double> ofLayer = new ArrayList<>();
      for (double density : DENSITIES) {
        Mask mask = new Blocks(rows, 1, density).mask(weights, layer.shape(), 0);
        double lost = 0;
        if (density < 1) {
          Model pruned = model.restricted(model.restrictions().with(layer.weights(), mask));
          lost = full - accuracy.applyAsDouble(pruned) + SQUARES * squares(weights, mask);
        }
        double before = ofLayer.isEmpty() ? 0 : ofLayer.get(ofLayer.size() - 1);
        ofLayer.add(Math.max(before, lost));
      }
      losses.put(layer.name(), ofLayer);
    }
    return new SparsityScan(losses);
  }

  private static double squares(float[] weights, Mask mask) {
    double pruned = 0;
    double all = 0;
    for (int i = 0; i < weights.length; i++) {
      double square = (double) weights[i] * weights[i];
      all += square;
      pruned += mask.kept()[i] ? 0 : square;
    }
    return all == 0 ? 0 : pruned / all;
  }
}
