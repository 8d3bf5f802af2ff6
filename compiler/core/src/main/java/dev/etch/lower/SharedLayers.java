// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * Layers that use the same multipliers in turn.
 *
 * @param layers at least two, all with multipliers
 * @param multipliers how many there are; chosen if absent
 */
public record SharedLayers(List<String> layers, Optional<Integer> multipliers) {
  public SharedLayers {
    layers = List.copyOf(layers);
    if (new HashSet<>(layers).size() < Math.max(2, layers.size())) {
      throw new IllegalArgumentException("an array is shared by two or more different layers");
    }
    if (multipliers.isPresent() && multipliers.get() < 1) {
      throw new IllegalArgumentException("an array has at least one multiplier");
    }
  }

  /** Layers that share {@code multipliers}. */
  public static SharedLayers of(List<String> layers, int multipliers) {
    return new SharedLayers(layers, Optional.of(multipliers));
  }
}
