// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.prune;

import dev.etch.compress.network.Parameters;
import dev.etch.compress.network.WeightedLayer;
import dev.etch.compress.training.Model;
import dev.etch.compress.training.Restrictions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * How well a network does when one layer alone is pruned by magnitude, and nothing is trained.
 * Source: S. Han, J. Pool, J. Tran, W. Dally, Learning both Weights and Connections for Efficient
 * Neural Networks, NIPS 2015, figure 6.
 *
 * @param layer its name
 * @param density part of its weights that is kept
 * @param accuracy of the network then, 0 to 1
 */
public record Sensitivity(String layer, double density, double accuracy) {
  /**
   * Scans a model.
   *
   * @param densities that each layer is pruned to, each above 0 to 1
   * @param accuracy of a model; choose by a part of the training set, not by the test set
   * @return layer by layer, in the order of the densities
   */
  public static List<Sensitivity> scan(
      Model model, List<Double> densities, ToDoubleFunction<Model> accuracy) {
    List<Sensitivity> scan = new ArrayList<>();
    Parameters parameters = model.network().parameters();
    for (WeightedLayer layer : model.network().layers()) {
      for (double density : densities) {
        Map<String, Double> one = Map.of(layer.name(), density);
        int count = new Densities(1, one).counts(model.network()).get(layer.weights());
        Mask mask = Magnitudes.largest(parameters.get(layer.weights()), count);
        Restrictions restrictions =
            model
                .restrictions()
                .with(
                    layer.weights(),
                    model
                        .restrictions()
                        .find(layer.weights(), Mask.class)
                        .map(mask::and)
                        .orElse(mask));
        double measured = accuracy.applyAsDouble(model.restricted(restrictions));
        scan.add(new Sensitivity(layer.name(), density, measured));
      }
    }
    return scan;
  }

  /**
   * The least density of each layer in a scan at which the network loses no more than so much.
   *
   * @param full accuracy of the network that is not pruned, 0 to 1
   * @param loss that is allowed, of it, 0 to 1
   */
  public static Densities least(List<Sensitivity> scan, double full, double loss) {
    Map<String, Double> byLayer = new LinkedHashMap<>();
    for (Sensitivity point : scan) {
      boolean isFine = point.accuracy() >= full - loss;
      byLayer.merge(point.layer(), isFine ? point.density() : 1, Math::min);
    }
    return new Densities(1, byLayer);
  }
}
