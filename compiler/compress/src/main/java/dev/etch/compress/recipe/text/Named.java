// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

import dev.etch.compress.prune.Densities;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** What lines say of some layers, in the order of their names; nothing of none. */
final class Named {
  private Named() {}

  static Optional<List<LayerDensity>> densities(Densities densities) {
    return list(densities.byLayer(), LayerDensity::new);
  }

  static Optional<List<LayerValues>> values(Map<String, Integer> values) {
    return list(values, LayerValues::new);
  }

  static Optional<List<LayerBits>> bits(Map<String, Integer> bits) {
    return list(bits, LayerBits::new);
  }

  static Optional<List<HintWeight>> hints(Map<String, Float> hints) {
    return list(hints, HintWeight::new);
  }

  static Optional<List<String>> names(Collection<String> names) {
    return Optional.of(names.stream().sorted().toList()).filter(list -> !list.isEmpty());
  }

  private static <V, T> Optional<List<T>> list(Map<String, V> map, BiFunction<String, V, T> entry) {
    return Optional.of(
            new TreeMap<>(map)
                .entrySet().stream().map(e -> entry.apply(e.getKey(), e.getValue())).toList())
        .filter(list -> !list.isEmpty());
  }
}
