// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.training;

import java.util.Objects;

/**
 * How a network is trained.
 *
 * @param epochs passes over the items, at least 0
 * @param batch items of a step, at least 1
 * @param optimizer which
 * @param rate learning rate at the beginning
 * @param schedule how it falls
 * @param decay part of each weight that a step takes away, times the rate
 */
public record TrainingPlan(
    int epochs, int batch, Optimizer.Kind optimizer, float rate, Schedule schedule, float decay) {
  public TrainingPlan {
    Objects.requireNonNull(optimizer);
    Objects.requireNonNull(schedule);
    if (epochs < 0 || batch < 1 || !(rate > 0) || !(decay >= 0)) {
      throw new IllegalArgumentException(
          "%d epochs, batches of %d, rate %s, decay %s".formatted(epochs, batch, rate, decay));
    }
  }

  /** Adam in batches of 100 with a rate that falls as a cosine, and no decay. */
  public static TrainingPlan adam(int epochs, float rate) {
    return new TrainingPlan(epochs, 100, Optimizer.Kind.ADAM, rate, Schedule.COSINE, 0);
  }

  /** The same for other epochs. */
  public TrainingPlan of(int others) {
    return new TrainingPlan(others, batch, optimizer, rate, schedule, decay);
  }

  /** The same with another optimizer. */
  public TrainingPlan with(Optimizer.Kind other) {
    return new TrainingPlan(epochs, batch, other, rate, schedule, decay);
  }

  /**
   * The same with another decay of weights. Source: I. Loshchilov, F. Hutter, Decoupled Weight
   * Decay Regularization, ICLR 2019.
   */
  public TrainingPlan withDecay(float part) {
    return new TrainingPlan(epochs, batch, optimizer, rate, schedule, part);
  }
}
