// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

import dev.etch.compress.data.Augmentation;
import dev.etch.compress.data.Normalization;
import dev.etch.compress.factorize.Method;
import dev.etch.compress.factorize.RankRule;
import dev.etch.compress.network.Network;
import dev.etch.compress.network.WeightedLayer;
import dev.etch.compress.prune.Densities;
import dev.etch.compress.quantize.QuantizationPlan;
import dev.etch.compress.recipe.Recipe;
import dev.etch.compress.recipe.Step;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** A recipe while its lines are read. */
final class RecipeDraft {
  private final Network network;
  private Normalization normalization;
  private Augmentation augmentation;
  private QuantizationPlan quantization;

  /** What holds unless a line says something else. */
  RecipeDraft(Network network, Recipe standard) {
    this.network = network;
    this.normalization = standard.normalization();
    this.augmentation = standard.augmentation();
    this.quantization = standard.quantization();
  }

  void normalize(Normalization chosen) {
    normalization = chosen;
  }

  void augment(Augmentation chosen) {
    augmentation = chosen;
  }

  void quantize(QuantizationPlan chosen) {
    quantization = chosen;
  }

  QuantizationPlan quantization() {
    return quantization;
  }

  Recipe recipe(List<Step> steps) {
    return new Recipe(normalization, augmentation, steps, quantization);
  }

  Densities densities(double density, Optional<List<LayerDensity>> layers) {
    return new Densities(density, byName(layers, LayerDensity::name, LayerDensity::density));
  }

  Map<String, Integer> values(Optional<List<LayerValues>> layers) {
    return byName(layers, LayerValues::name, LayerValues::values);
  }

  Map<String, Integer> bits(Optional<List<LayerBits>> layers) {
    return byName(layers, LayerBits::name, LayerBits::bits);
  }

  Set<String> names(Optional<List<String>> layers) {
    layers.orElse(List.of()).forEach(this::require);
    return Set.copyOf(layers.orElse(List.of()));
  }

  /** How ranks are chosen, of the named layers, or of all that a method takes. */
  Map<String, RankRule> ranks(
      Method method,
      Optional<Double> energy,
      Optional<Double> size,
      Optional<List<String>> layers) {
    if (energy.isPresent() == size.isPresent()) {
      throw new IllegalArgumentException("either the energy or the size decides about ranks");
    }
    RankRule rule =
        energy.<RankRule>map(RankRule.Energy::new).orElseGet(() -> new RankRule.Size(size.get()));
    Map<String, RankRule> rules = new LinkedHashMap<>();
    names(layers).forEach(name -> rules.put(name, rule));
    if (layers.isEmpty()) {
      network.layers().stream()
          .filter(layer -> method.takes(layer))
          .forEach(layer -> rules.put(layer.name(), rule));
    }
    return rules;
  }

  private <T, V> Map<String, V> byName(
      Optional<List<T>> layers, Function<T, String> name, Function<T, V> value) {
    Map<String, V> named = new LinkedHashMap<>();
    for (T layer : layers.orElse(List.of())) {
      require(name.apply(layer));
      if (named.put(name.apply(layer), value.apply(layer)) != null) {
        throw new IllegalArgumentException("layer '" + name.apply(layer) + "' is named twice");
      }
    }
    return named;
  }

  /** Complains unless the network has a value of this name. */
  void requireValue(String name) {
    boolean known = network.nodes().stream().anyMatch(node -> node.output().name().equals(name));
    if (!known) {
      throw new IllegalArgumentException("there is no value '" + name + "'");
    }
  }

  private void require(String name) {
    List<String> known = network.layers().stream().map(WeightedLayer::name).toList();
    if (!known.contains(name)) {
      throw new IllegalArgumentException("there is no layer '" + name + "', but " + known);
    }
  }
}
