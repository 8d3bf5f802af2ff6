// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

/** Between floats and the integers that stand for them. */
public sealed interface ConversionOp extends Op
    permits Dequantize, Quantize, QuantizeTiesAway, RealQuantize {}
