// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.op.requantization.QuantizedMultiplier;

/**
 * How the two sums of a gate of an {@link IntegerLstm} become Q3.12.
 *
 * @param ofInput of the sum over the input
 * @param ofState of the sum over the results of the step before
 */
public record LstmGate(QuantizedMultiplier ofInput, QuantizedMultiplier ofState) {}
