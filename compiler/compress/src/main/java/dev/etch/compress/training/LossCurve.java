// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.training;

import java.util.List;
import java.util.Objects;

/**
 * How the loss of a training fell.
 *
 * @param task what was being done
 * @param steps of the training
 * @param interval steps that a mean is of, at least 1; the last may be of fewer
 * @param means of the losses, in the order of the steps
 */
public record LossCurve(String task, int steps, int interval, List<Float> means) {
  public LossCurve {
    Objects.requireNonNull(task);
    means = List.copyOf(means);
    if (interval < 1 || means.size() != (steps + interval - 1) / interval) {
      throw new IllegalArgumentException(steps + " steps, " + means.size() + " means");
    }
  }
}
