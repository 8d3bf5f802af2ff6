// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.training;

import dev.etch.compress.network.Parameters;
import dev.etch.compress.training.Differentiator.Batch;
import dev.etch.compress.training.Differentiator.Hint;
import dev.etch.compress.training.Differentiator.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a teacher gives for the items as they are in the batch, softened, beside another objective.
 * Source: G. Hinton, O. Vinyals, J. Dean, Distilling the Knowledge in a Neural Network, 2015.
 *
 * @param teacher how much counts what it gives
 * @param differentiator computes it
 * @param objective what else counts, as the labels
 */
record Distillation(Teacher teacher, Differentiator differentiator, Objective objective)
    implements Objective {
  Distillation {
    Objects.requireNonNull(teacher);
    Objects.requireNonNull(differentiator);
    Objects.requireNonNull(objective);
  }

  @Override
  public List<Target> targets(int[] numbers, Batch batch) {
    List<Target> targets = new ArrayList<>();
    for (Target target : objective.targets(numbers, batch)) {
      targets.add(
          new Target(
              target.probabilities(),
              target.temperature(),
              (1 - teacher.weight()) * target.weight()));
    }
    float[] scores = differentiator.scores(teacher.network(), new Parameters(Map.of()), batch);
    targets.add(
        new Target(softmax(scores, batch.count()), teacher.temperature(), teacher.weight()));
    return targets;
  }

  @Override
  public List<Hint> hints(Batch batch) {
    List<Hint> hints = new ArrayList<>();
    teacher
        .hints()
        .forEach(
            (name, weight) -> {
              float[] wanted =
                  differentiator.scores(teacher.until(name), new Parameters(Map.of()), batch);
              hints.add(new Hint(name, wanted, weight));
            });
    return hints;
  }

  private float[] softmax(float[] scores, int items) {
    int classes = scores.length / items;
    float[] probabilities = new float[scores.length];
    for (int first = 0; first < scores.length; first += classes) {
      float largest = Float.NEGATIVE_INFINITY;
      for (int i = first; i < first + classes; i++) {
        largest = Math.max(largest, scores[i]);
      }
      double sum = 0;
      for (int i = first; i < first + classes; i++) {
        sum += Math.exp((scores[i] - largest) / teacher.temperature());
      }
      for (int i = first; i < first + classes; i++) {
        probabilities[i] = (float) (Math.exp((scores[i] - largest) / teacher.temperature()) / sum);
      }
    }
    return probabilities;
  }
}
