// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

import dev.etch.compress.prune.Blocks;
import dev.etch.compress.prune.Densities;
import dev.etch.compress.prune.KeptOfGroup;
import dev.etch.compress.prune.Pattern;
import dev.etch.compress.recipe.PrunePattern;
import dev.etch.compress.recipe.Step;
import dev.etch.compress.training.Optimizer;
import dev.etch.diagnostic.CompilerBug;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code prune-blocks}: blocks of weights are pruned as a whole.
 *
 * @param rows outputs of a block
 * @param columns weights of each
 * @param density part of the blocks that stays
 * @param layers of which another part stays
 * @param except layers that are left as they are
 * @param part of the training in which is pruned; 0.6 if left out
 * @param epochs of the training in it; 5 if left out
 * @param rate of learning; 0.0003 if left out
 * @param decay of weights; none if left out
 * @param optimizer ADAM, SCALED_ADAM or MOMENTUM; ADAM if left out
 */
record PruneBlocksLine(
    Integer rows,
    Integer columns,
    Double density,
    Optional<List<LayerDensity>> layers,
    Optional<List<String>> except,
    Optional<Double> part,
    Optional<Integer> epochs,
    Optional<Float> rate,
    Optional<Float> decay,
    Optional<Optimizer.Kind> optimizer)
    implements StepLine {
  @Override
  public Step step(RecipeDraft draft) {
    Map<String, Pattern> others = new LinkedHashMap<>();
    draft
        .densities(density, layers)
        .byLayer()
        .forEach((name, part) -> others.put(name, new Blocks(rows, columns, part)));
    return new PrunePattern(
        new Blocks(rows, columns, density),
        others,
        draft.names(except),
        part.orElse(0.6),
        Plans.of(epochs, rate, decay, optimizer, Plans.TUNING));
  }

  /** The line that is read as a step. */
  static PruneBlocksLine of(PrunePattern step, Blocks pattern) {
    return new PruneBlocksLine(
        pattern.rows(),
        pattern.columns(),
        pattern.density(),
        layers(step.byLayer()),
        Named.names(step.except()),
        Optional.of(step.part()),
        Optional.of(step.plan().epochs()),
        Optional.of(step.plan().rate()),
        Plans.decay(step.plan()),
        Plans.optimizer(step.plan()));
  }

  private static Optional<List<LayerDensity>> layers(Map<String, Pattern> patterns) {
    Map<String, Double> densities = new LinkedHashMap<>();
    patterns.forEach((name, pattern) -> densities.put(name, pattern.accept(DENSITY)));
    return Named.densities(new Densities(1, densities));
  }

  private static final Pattern.Visitor<Double> DENSITY =
      new Pattern.Visitor<>() {
        @Override
        public Double visit(Blocks pattern) {
          return pattern.density();
        }

        @Override
        public Double visit(KeptOfGroup pattern) {
          throw new CompilerBug("no text form of groups beside blocks");
        }
      };
}
