// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.prune;

import dev.etch.compress.network.Network;
import dev.etch.compress.network.WeightedLayer;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which part of its weights each layer keeps.
 *
 * @param others of layers that are not named, above 0 to 1
 * @param byLayer by the names of layers, above 0 to 1
 */
public record Densities(double others, Map<String, Double> byLayer) {
  public Densities {
    byLayer = Map.copyOf(byLayer);
    require(others);
    byLayer.values().forEach(Densities::require);
  }

  /** The same for all layers. */
  public static Densities of(double density) {
    return new Densities(density, Map.of());
  }

  private static void require(double density) {
    if (!(density > 0 && density <= 1)) {
      throw new IllegalArgumentException("a density of " + density);
    }
  }

  /**
   * Weights that each layer of a network keeps, by the names of their constants.
   *
   * @throws DiagnosticException if a layer is named that the network does not have
   */
  public Map<String, Integer> counts(Network network) {
    for (String name : byLayer.keySet()) {
      if (network.layers().stream().noneMatch(layer -> layer.name().equals(name))) {
        throw new DiagnosticException(
            Location.option("pruning"),
            "there is no layer '" + name + "'",
            "layers are " + network.layers().stream().map(WeightedLayer::name).toList());
      }
    }
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (WeightedLayer layer : network.layers()) {
      double density = byLayer.getOrDefault(layer.name(), others);
      counts.put(layer.weights(), (int) Math.max(1, Math.round(density * layer.size())));
    }
    return counts;
  }
}
