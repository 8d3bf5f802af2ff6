// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

/** Moves or chooses elements, or is made of them, be they floats or integers. */
public sealed interface AnyElementOp extends Op
    permits ArgMax,
        BatchToSpace,
        Concat,
        Constant,
        MaxPool2d,
        NearestResize2d,
        Pad,
        Reshape,
        Slice,
        SpaceToBatch,
        Transpose {}
