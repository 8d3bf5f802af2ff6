// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

import dev.etch.compress.cluster.KMeans;
import dev.etch.compress.recipe.Cluster;
import dev.etch.compress.recipe.Step;
import dev.etch.compress.training.Optimizer;
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
 * @param optimizer ADAM, SCALED_ADAM or MOMENTUM; ADAM if left out
 */
record ClusterLine(
    Integer values,
    Optional<List<LayerValues>> layers,
    Optional<KMeans.Start> start,
    Optional<Integer> epochs,
    Optional<Float> rate,
    Optional<Float> decay,
    Optional<Optimizer.Kind> optimizer)
    implements StepLine {
  @Override
  public Step step(RecipeDraft draft) {
    return new Cluster(
        values,
        draft.values(layers),
        start.orElse(KMeans.Start.LINEAR),
        Plans.of(epochs, rate, decay, optimizer, Plans.TUNING));
  }

  /** The line that is read as a step. */
  static ClusterLine of(Cluster step) {
    return new ClusterLine(
        step.values(),
        Named.values(step.valuesByLayer()),
        Optional.of(step.start()),
        Optional.of(step.plan().epochs()),
        Optional.of(step.plan().rate()),
        Plans.decay(step.plan()),
        Plans.optimizer(step.plan()));
  }
}
