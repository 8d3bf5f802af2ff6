// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.op.requantization.FloatFunction;

/** A function of each element, without other operands: between quantizations it is a table. */
public sealed interface FunctionOp extends FloatOp, FloatFunction
    permits Elu, Gelu, HardSigmoid, HardSwish, LeakyRelu, Mish, Sigmoid, Softplus, Tanh {

  /** Whether the function never decreases, but for its rounding. */
  boolean isMonotone();
}
