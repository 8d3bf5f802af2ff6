// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

/** From integers to integers, with exact arithmetic: a part of a quantized layer. */
public sealed interface IntegerOp extends Op
    permits AccumulatingOp,
        IntegerMultiply,
        IntegerSoftmaxOp,
        Lookup,
        QuantizedAdd,
        RecurrentOp,
        Requantize {}
