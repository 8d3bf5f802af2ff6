// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

import dev.etch.compress.cluster.KMeans;
import dev.etch.compress.recipe.Cluster;
import dev.etch.compress.recipe.Step;
import java.util.List;
import java.util.Optional;

/**
 * {@code cluster}: the weights of a layer get few values.
 *
 * @param values of a layer, without zero
 * @param layers that have other numbers of values
 * @param start where k-means begins; LINEAR if left out
 * @param epochs of the training in it; 5 if left out
 * @param rate of learning; 0.0003 if left out
 * @param decay of weights; none if left out
 */
record ClusterLine(
    Integer values,
    Optional<List<LayerValues>> layers,
    Optional<KMeans.Start> start,
    Optional<Integer> epochs,
    Optional<Float> rate,
    Optional<Float> decay)
    implements StepLine {
  @Override
  public Step step(RecipeDraft draft) {
    return new Cluster(
        values,
        draft.values(layers),
        start.orElse(KMeans.Start.LINEAR),
        draft.plan(epochs, rate, decay, Plans.TUNING));
  }
}
