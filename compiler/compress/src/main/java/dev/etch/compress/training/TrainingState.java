// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.training;

import dev.etch.compress.network.Parameters;
import java.util.Objects;

/**
 * All that a training goes on with between two steps. What is in a batch follows from its number,
 * and the network, its teacher and the plan from the recipe, so none of them is a part of it.
 *
 * @param step the next one, from 0
 * @param free the free values; a step changes them in place
 * @param statistics means and variances of batch normalizations
 * @param optimizer with what it remembers; a step changes it in place
 * @param restrictions of the step before
 * @param losses of all steps before; a step adds its own
 */
record TrainingState(
    int step,
    Parameters free,
    Parameters statistics,
    Optimizer optimizer,
    Restrictions restrictions,
    Losses losses) {
  TrainingState {
    Objects.requireNonNull(free);
    Objects.requireNonNull(statistics);
    Objects.requireNonNull(optimizer);
    Objects.requireNonNull(restrictions);
    Objects.requireNonNull(losses);
  }
}
