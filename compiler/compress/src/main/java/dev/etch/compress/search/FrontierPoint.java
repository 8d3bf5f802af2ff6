// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.search;

import dev.etch.compress.recipe.StepResult;
import java.util.Objects;
import java.util.Optional;

/**
 * A model that was priced.
 *
 * @param sparsity of its layers
 * @param price as hardware
 * @param bytes of the coded model
 * @param estimatedLoss before anything was trained
 * @param trained what came of the training, with the accuracy on the items that are chosen by;
 *     empty if it was not trained
 */
public record FrontierPoint(
    Sparsity sparsity,
    Price price,
    long bytes,
    double estimatedLoss,
    Optional<StepResult> trained) {
  public FrontierPoint {
    Objects.requireNonNull(sparsity);
    Objects.requireNonNull(price);
    Objects.requireNonNull(trained);
  }

  /** Part of the items that it gets right, 0 to 1, as integers; empty if it was not trained. */
  public Optional<Double> accuracy() {
    return trained.flatMap(StepResult::accuracy).map(accuracy -> accuracy.share());
  }
}
