// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

/**
 * Sums, in int32, of elements without their zero point, times weights that are known: an
 * accumulator for each channel. A {@link Requantize} ends the layer.
 */
public sealed interface AccumulatingOp extends IntegerOp
    permits BilinearResize2d, IntegerConv2d, IntegerDense, IntegerSumPool2d {

  /** What is subtracted from each element of operand 0. */
  int inputZeroPoint();

  /** Axis of the channels in a result with so many axes. */
  int channelAxis(int rank);
}
