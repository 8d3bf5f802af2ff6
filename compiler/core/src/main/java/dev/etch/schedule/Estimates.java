// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.area.Area;
import dev.etch.hardware.WordSource;
import dev.etch.lower.Folding;
import dev.etch.schedule.Allocation.Limits;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a search expects of the parts of a design. A value: what was scheduled and built makes
 * another one, which the next round of the search gets.
 *
 * @param space layouts, and how long they take
 * @param layers points of the layers whose foldings are open
 * @param rest what everything else takes
 * @param margin what is left free because estimates turned out too low
 * @param slack part of the cycles of a frame that everything without multipliers may take
 */
record Estimates(
    SearchSpace space, Map<String, LayerPoints> layers, Area rest, Area margin, double slack) {
  /** How much faster than the pace everything without multipliers is, in turn. */
  static final double[] SLACKS = {0.9, 0.6, 0.35};

  Estimates {
    layers = Collections.unmodifiableMap(new LinkedHashMap<>(layers));
  }

  /** Before anything was built. */
  static Estimates of(SearchSpace space, Forms forms) {
    Map<String, LayerPoints> layers = new LinkedHashMap<>();
    space
        .layers()
        .forEach((name, options) -> layers.put(name, LayerPoints.of(name, options, forms)));
    Area fixed = new Area(0, 0, space.fixedMultipliers(), 0);
    return new Estimates(space, layers, fixed, Area.NONE, SLACKS[0]);
  }

  /** What limits leave to the layers whose foldings are open. */
  Limits left(Limits limits) {
    return limits.minus(rest).minus(margin);
  }

  Estimates withMargin(Area free) {
    return new Estimates(space, layers, rest, free, slack);
  }

  /** The same, but layouts that were not built are hoped to take less by a part. */
  Estimates hoping(double part) {
    Map<String, LayerPoints> points = new LinkedHashMap<>(layers);
    points.replaceAll((name, layer) -> layer.hoping(part));
    return new Estimates(space, points, rest, margin, slack);
  }

  Estimates withSlack(double part) {
    return new Estimates(space, layers, rest, margin, part);
  }

  /** The same with the next slack, if there is one. */
  Estimates tightened() {
    for (double next : SLACKS) {
      if (next < slack) {
        return withSlack(next);
      }
    }
    return this;
  }

  /** What the schedules of a choice correct; empty if all are as long as was expected. */
  Optional<Estimates> corrected(Choice choice) {
    Map<String, Folding> foldings = choice.mapping().layers();
    space.schedule(foldings);
    return space.corrected(choice.tooSlow(space), foldings).map(this::with);
  }

  private Estimates with(SearchSpace corrected) {
    Map<String, LayerPoints> points = new LinkedHashMap<>(layers);
    points.replaceAll((name, layer) -> layer.with(corrected.layers().get(name)));
    return new Estimates(corrected, points, rest, margin, slack);
  }

  private static Folding recoded(Folding folding) {
    return folding.withWords(folding.words().isCoded() ? WordSource.ROM : WordSource.CODED);
  }

  /** What a design corrects: what its layers took, and everything else. */
  Estimates built(Choice choice, BuiltAreas areas) {
    Map<String, LayerPoints> points = new LinkedHashMap<>(layers);
    Area ofLayers = Area.NONE;
    for (String name : layers.keySet()) {
      Area taken = areas.layers().get(name);
      ofLayers = ofLayers.plus(taken);
      if (choice.division().sharers(name).size() == 1) {
        Folding folding = choice.mapping().layers().get(name);
        Variant variant = choice.variants().get(name);
        points.compute(name, (n, layer) -> layer.built(variant, folding, taken));
        Area recoded = areas.recoded().get(name);
        if (recoded != null) {
          Variant other = variant.withCode(!variant.coded());
          points.compute(name, (n, layer) -> layer.built(other, recoded(folding), recoded));
        }
      }
    }
    for (Area array : areas.arrays()) {
      ofLayers = ofLayers.plus(array);
    }
    return new Estimates(space, points, areas.total().plus(ofLayers.times(-1)), margin, slack);
  }
}
