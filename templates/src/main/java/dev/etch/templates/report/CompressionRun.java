// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates.report;

import java.util.List;
import java.util.Objects;

/**
 * What came of {@code etch compress}: everything in {@code report.json}.
 *
 * @param model what was compressed, as the user names it
 * @param command the command line
 * @param seed of all that is random
 * @param recipe what was done, as a recipe
 * @param steps what is left behind each step that changed something, first of the model as given
 * @param trainings how their losses fell
 */
public record CompressionRun(
    String model,
    String command,
    long seed,
    String recipe,
    List<StepReport> steps,
    List<TrainingReport> trainings) {
  public CompressionRun {
    Objects.requireNonNull(model);
    Objects.requireNonNull(command);
    Objects.requireNonNull(recipe);
    steps = List.copyOf(steps);
    trainings = List.copyOf(trainings);
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("no step");
    }
  }

  /** The model in the end. */
  StepReport last() {
    return steps.get(steps.size() - 1);
  }

  /**
   * The model behind a step.
   *
   * @param floatBytes what its parameters take as float32
   * @param activationBytes of {@code bytes}, those of activations' scales
   * @param floatAccuracy part of the test set that the float model gets right; null if not measured
   * @param accuracy what the integers get right; null if not measured
   */
  public record StepReport(
      String title,
      long weights,
      long kept,
      long bytes,
      long floatBytes,
      long activationBytes,
      Double floatAccuracy,
      AccuracyReport accuracy,
      List<LayerReport> layers) {
    public StepReport {
      Objects.requireNonNull(title);
      layers = List.copyOf(layers);
    }
  }

  /** Items that the reference's integers get right, of so many. */
  public record AccuracyReport(int right, int items) {
    double share() {
      return (double) right / items;
    }
  }

  /**
   * A layer, in the columns of Deep Compression's tables.
   *
   * @param bits of a value's number before it is coded
   * @param distanceBits of a distance before it is coded; 0 if all weights are stored
   * @param codedBits of the values, for each weight that is kept
   * @param codedDistanceBits of the distances, for each weight that is kept
   * @param entropy bits that a kept weight takes at least, its value and its place
   */
  public record LayerReport(
      String name,
      long weights,
      long kept,
      int bits,
      int distanceBits,
      double codedBits,
      double codedDistanceBits,
      long bytes,
      double entropy) {
    public LayerReport {
      Objects.requireNonNull(name);
    }
  }

  /**
   * A training.
   *
   * @param interval steps that a mean is of; the last may be of fewer
   * @param losses means of so many steps
   */
  public record TrainingReport(String task, int steps, int interval, List<Float> losses) {
    public TrainingReport {
      Objects.requireNonNull(task);
      losses = List.copyOf(losses);
    }
  }
}
