// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

import dev.etch.compress.prune.Blocks;
import dev.etch.compress.prune.Pattern;
import dev.etch.compress.recipe.PrunePattern;
import dev.etch.compress.recipe.Step;
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
    Optional<Float> decay)
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
        draft.plan(epochs, rate, decay, Plans.TUNING));
  }
}
