// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.training;

import dev.etch.compress.training.Differentiator.Batch;
import dev.etch.compress.training.Differentiator.Hint;
import dev.etch.compress.training.Differentiator.Target;
import java.util.List;

/** What a network is trained to give. */
public interface Objective {
  /**
   * Targets of a batch.
   *
   * @param numbers of the items in the training set
   */
  List<Target> targets(int[] numbers, Batch batch);

  /** Hints of a batch; none, unless a teacher gives them. */
  default List<Hint> hints(Batch batch) {
    return List.of();
  }
}
