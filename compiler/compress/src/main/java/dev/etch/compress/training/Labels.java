// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.training;

import dev.etch.compress.training.Differentiator.Batch;
import dev.etch.compress.training.Differentiator.Target;
import java.util.List;

/**
 * The classes that the items show.
 *
 * @param labels one an item of the training set
 * @param classes how many there are
 */
public record Labels(int[] labels, int classes) implements Objective {
  @Override
  public List<Target> targets(int[] numbers, Batch batch) {
    float[] probabilities = new float[numbers.length * classes];
    for (int i = 0; i < numbers.length; i++) {
      probabilities[i * classes + labels[numbers[i]]] = 1;
    }
    return List.of(new Target(probabilities, 1, 1));
  }
}
