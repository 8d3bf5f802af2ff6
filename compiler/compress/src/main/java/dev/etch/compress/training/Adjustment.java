// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.training;

import dev.etch.compress.network.Parameters;

/** Changes restrictions while a network is trained. */
@FunctionalInterface
public interface Adjustment {
  /** Nothing changes. */
  Adjustment NONE = (step, steps, free, current) -> current;

  /**
   * The restrictions of a step.
   *
   * @param step from 0; {@code steps} behind the last one, for what the result keeps
   * @param steps of the whole training
   * @param free the free values before the step
   * @param current restrictions of the step before
   */
  Restrictions before(int step, int steps, Parameters free, Restrictions current);
}
