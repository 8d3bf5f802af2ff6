// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.tensor.IntegerType;
import java.util.Objects;
import java.util.Optional;

/**
 * That the host loads a layer's weights.
 *
 * @param type of the weights
 * @param room of the schedule if this is loaded with them, so that zeros are skipped; empty if each
 *     weight has its step, zero or not
 */
public record LoadableWeights(IntegerType type, Optional<ScheduleRoom> room) {
  public LoadableWeights {
    Objects.requireNonNull(type);
    Objects.requireNonNull(room);
  }
}
