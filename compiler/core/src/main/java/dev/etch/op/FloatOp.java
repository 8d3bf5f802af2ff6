// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

/**
 * From floats to floats. Between quantizations the integer rewrite replaces these; the others are
 * the host's.
 */
public sealed interface FloatOp extends Op
    permits Add,
        AveragePool2d,
        BatchNormalization,
        Clip,
        Conv2d,
        ConvTranspose2d,
        Dense,
        Extremum,
        FunctionOp,
        Linear,
        LinearResize2d,
        LogSoftmax,
        Multiply,
        PRelu,
        ReduceMean2d,
        Relu,
        Softmax {}
