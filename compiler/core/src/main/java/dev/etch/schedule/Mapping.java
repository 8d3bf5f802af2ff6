// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.Target;
import dev.etch.lower.Folding;
import dev.etch.lower.SharedLayers;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a hardware engineer decides. As an input everything that is absent is chosen; as a result it
 * is complete and reproduces the design.
 *
 * @param target device family
 * @param clockMegahertz above 0
 * @param budget what the foldings that are not given have to meet
 * @param layers foldings by layer
 * @param arrays layers that use the same multipliers; a layer with a folding that is in none of
 *     them has its own
 */
public record Mapping(
    Target target,
    double clockMegahertz,
    Optional<Budget> budget,
    Map<String, Folding> layers,
    List<SharedLayers> arrays) {
  public Mapping {
    Objects.requireNonNull(target);
    Objects.requireNonNull(budget);
    if (!(clockMegahertz > 0)) {
      throw new IllegalArgumentException("a clock is above 0 MHz");
    }
    layers = Collections.unmodifiableMap(new LinkedHashMap<>(layers));
    arrays = List.copyOf(arrays);
  }

  /** Everything is left to the search, except the budget. */
  public static Mapping of(Target target, Optional<Budget> budget) {
    return new Mapping(target, target.defaultClockMegahertz(), budget, Map.of(), List.of());
  }

  /** The same decisions with other foldings. */
  public Mapping withLayers(Map<String, Folding> foldings) {
    return new Mapping(target, clockMegahertz, budget, foldings, arrays);
  }

  /** The same decisions with other arrays. */
  public Mapping withArrays(List<SharedLayers> shared) {
    return new Mapping(target, clockMegahertz, budget, layers, shared);
  }
}
