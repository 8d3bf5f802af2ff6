// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.search;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sparsities from none to the most, each of one layer more than the one before: that which loses
 * least for what it saves. So a limit is met by halving, and no choice among all layers is made
 * twice. Source of the idea: T.-J. Yang, A. Howard, B. Chen, X. Zhang, A. Go, M. Sandler, V. Sze,
 * H. Adam, NetAdapt, ECCV 2018.
 *
 * @param places from no zeros on
 * @param losses estimated at each of them: the sum of what the layers alone lose
 */
record SparsityPath(List<Sparsity> places, List<Double> losses) {

  /**
   * A path.
   *
   * @param weighs for each layer what it takes if all of it stays: products of a frame, or weights
   */
  static SparsityPath of(int rows, SparsityScan scan, Map<String, Long> weighs) {
    Map<String, Integer> levels = new HashMap<>();
    Map<String, Double> dense = new HashMap<>();
    scan.losses()
        .keySet()
        .forEach(
            layer -> {
              levels.put(layer, 0);
              dense.put(layer, 1.0);
            });
    List<Sparsity> places = new ArrayList<>(List.of(new Sparsity(rows, dense)));
    List<Double> losses = new ArrayList<>(List.of(0.0));
    while (true) {
      String best = null;
      double least = Double.POSITIVE_INFINITY;
      for (String layer : scan.losses().keySet()) {
        int level = levels.get(layer);
        if (level + 1 < SparsityScan.DENSITIES.size()) {
          double rate = lost(scan, layer, level) / (saved(level) * weighs.get(layer));
          if (rate < least) {
            least = rate;
            best = layer;
          }
        }
      }
      if (best == null) {
        return new SparsityPath(places, losses);
      }
      int level = levels.merge(best, 1, Integer::sum);
      places.add(places.get(places.size() - 1).with(best, SparsityScan.DENSITIES.get(level)));
      losses.add(losses.get(losses.size() - 1) + lost(scan, best, level - 1));
    }
  }

  private static double saved(int level) {
    return SparsityScan.DENSITIES.get(level) - SparsityScan.DENSITIES.get(level + 1);
  }

  private static double lost(SparsityScan scan, String layer, int level) {
    List<Double> losses = scan.losses().get(layer);
    return losses.get(level + 1) - losses.get(level);
  }
}
