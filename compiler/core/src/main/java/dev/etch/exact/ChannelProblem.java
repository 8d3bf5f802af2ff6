// SPDX-License-Identifier: Apache-2.0
package dev.etch.exact;

import dev.etch.op.requantization.Requantization;
import java.util.Objects;

/**
 * One channel's staircase as the hardware meets it.
 *
 * @param staircase the framework's definition
 * @param constant bias and zero-point correction: the definition's argument is {@code raw +
 *     constant}
 * @param raw every raw sum that can occur
 */
public record ChannelProblem(Requantization staircase, long constant, Interval raw) {
  public ChannelProblem {
    Objects.requireNonNull(staircase);
    Objects.requireNonNull(raw);
  }

  /** The output that the definition wants for a raw sum. */
  public int apply(long rawSum) {
    return staircase.apply(rawSum + constant);
  }
}
