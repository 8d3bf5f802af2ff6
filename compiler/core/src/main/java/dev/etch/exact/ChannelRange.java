// SPDX-License-Identifier: Apache-2.0
package dev.etch.exact;

import java.util.Objects;

/**
 * What one output channel of an accumulating node can reach. <i>Raw</i> sums are what the hardware
 * accumulates: {@code sum(x * w)} with x as it is stored, padding stored as the zero point.
 *
 * @param partial every raw sum of any subset of the terms, in any order; contains 0. Its type is
 *     wide enough for the accumulator
 * @param raw every raw sum of all terms
 * @param constant what turns a raw sum into the operator's result: {@code bias - inputZeroPoint *
 *     sum(w)}
 */
public record ChannelRange(Interval partial, Interval raw, long constant) {
  public ChannelRange {
    Objects.requireNonNull(partial);
    Objects.requireNonNull(raw);
  }

  /** Range of the operator's result, {@code raw + constant}. */
  public Interval total() {
    return new Interval(raw.low() + constant, raw.high() + constant);
  }
}
