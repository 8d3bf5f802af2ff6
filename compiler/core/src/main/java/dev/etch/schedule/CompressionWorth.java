// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.area.Area;
import dev.etch.area.DesignArea;
import dev.etch.area.UnitAreas;
import dev.etch.graph.Graph;
import dev.etch.graph.MultiplyAccumulates;
import dev.etch.graph.Node;
import dev.etch.hardware.Design;
import dev.etch.hardware.MatrixUnit;
import dev.etch.hardware.SharedArray;
import dev.etch.hardware.Unit;
import dev.etch.hardware.WindowUnit;
import dev.etch.schedule.CompressedLayer.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What each form of compression was worth for a design.
 *
 * @param layers those with weights of the model, in the order of the data flow
 * @param all the same for all of them together, for each form that one of them has: the cycles of
 *     the unit or array that works longest, and sums of bits and areas
 */
public record CompressionWorth(List<CompressedLayer> layers, List<FormCost> all) {
  public CompressionWorth {
    layers = List.copyOf(layers);
    all = List.copyOf(all);
  }

  /** That of a finished design. */
  public static CompressionWorth of(ScheduledDesign scheduled, DesignArea area) {
    Design design = scheduled.lowered().design();
    UnitAreas areas = new UnitAreas(scheduled.mapping().target());
    Map<String, Weights> weights = weights(scheduled.lowered().graph());
    List<CompressedLayer> layers = new ArrayList<>();
    for (Unit unit : design.units()) {
      Optional.ofNullable(weights.get(unit.layer()))
          .flatMap(own -> layer(design, unit, own, area.units().get(unit.name()), areas))
          .ifPresent(layers::add);
    }
    return new CompressionWorth(layers, all(scheduled, layers));
  }

  /** By layer. */
  private static Map<String, Weights> weights(Graph graph) {
    var producers = graph.producers();
    Map<String, Weights> weights = new HashMap<>();
    for (Node node : graph.nodes()) {
      MultiplyAccumulates products = MultiplyAccumulates.of(node, producers);
      if (products.all() > 0) {
        weights.put(node.name(), new Weights(products.all(), products.nonzero()));
      }
    }
    return weights;
  }

  private static Optional<CompressedLayer> layer(
      Design design, Unit unit, Weights weights, Area built, UnitAreas areas) {
    if (unit instanceof WindowUnit window && window.hasWeights()) {
      boolean shares = design.arrayOf(unit).isPresent();
      return Optional.of(CompressedLayer.of(window, weights, shares, built, areas));
    }
    return unit instanceof MatrixUnit matrix
        ? Optional.of(CompressedLayer.of(matrix, weights, built, areas))
        : Optional.empty();
  }

  private static List<FormCost> all(ScheduledDesign scheduled, List<CompressedLayer> layers) {
    return Arrays.stream(CompressionForm.values())
        .filter(
            form ->
                layers.stream().flatMap(l -> l.forms().stream()).anyMatch(c -> c.form() == form))
        .map(form -> all(scheduled, layers, form))
        .toList();
  }

  private static FormCost all(
      ScheduledDesign scheduled, List<CompressedLayer> layers, CompressionForm form) {
    Map<String, Long> cycles = new HashMap<>();
    scheduled.statistics().forEach(s -> cycles.put(s.name(), s.cyclesPerFrame()));
    long bits = 0;
    Area area = Area.NONE;
    for (CompressedLayer layer : layers) {
      FormCost cost = layer.upTo(form);
      cycles.put(layer.unit(), cost.cycles());
      bits += cost.bits();
      area = area.plus(cost.area());
    }
    for (SharedArray array : scheduled.lowered().design().arrays()) {
      cycles.put(array.name(), array.units().stream().mapToLong(cycles::get).sum());
    }
    long longest = cycles.values().stream().mapToLong(Long::longValue).max().orElseThrow();
    return new FormCost(form, longest, bits, area);
  }
}
