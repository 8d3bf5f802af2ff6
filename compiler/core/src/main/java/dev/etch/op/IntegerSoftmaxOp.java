// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

/**
 * A softmax of integers, or its logarithm, in a framework's arithmetic: a driver computes it too.
 */
public sealed interface IntegerSoftmaxOp extends IntegerOp
    permits InterpolatedSoftmax, QuantizedLogSoftmax, QuantizedSoftmax, TableSoftmax {}
