// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import static dev.etch.op.Evaluation.bytes;
import static dev.etch.op.Evaluation.evaluate;
import static dev.etch.op.Evaluation.floats;
import static dev.etch.op.Evaluation.refuses;
import static dev.etch.op.Evaluation.sums;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.etch.diagnostic.OperatorException;
import dev.etch.op.requantization.Average;
import dev.etch.op.requantization.FloatSum;
import dev.etch.op.requantization.Requantization;
import dev.etch.op.requantization.ScaleThenRound;
import dev.etch.op.requantization.SumRequantization;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Hand-computed values of the integer operators, and what they refuse. */
class IntegerOperatorsTest {
  private static final Requantization HALF = new ScaleThenRound(0.5f, 1, -10, 10);

  @Test
  void convolutionReadsPaddingAsZeroPoint() {
    Window window = new Window(2, 2, 1, 1, 1, 1, 1, 0, 0, 0);
    IntegerTensor x = bytes(Shape.of(1, 1, 2, 2), 3, 4, 5, 6);
    IntegerTensor weights = bytes(Shape.of(1, 1, 2, 2), 1, 10, 100, -100);
    // x - 2 is 1 2 / 3 4; the row above is 0.
    assertEquals(
        sums(Shape.of(1, 1, 2, 1), -100 + 7, 21 - 100 + 7),
        evaluate(new IntegerConv2d(window, Layout.NCHW, 1, 2), x, weights, sums(Shape.of(1), 7)));
  }

  @Test
  void convolutionWithStrideAndDilation() {
    Window window = new Window(1, 2, 1, 2, 1, 3, 0, 0, 0, 0);
    IntegerTensor x = bytes(Shape.of(1, 1, 6, 1), 1, 2, 3, 4, 5, 6);
    assertEquals(
        sums(Shape.of(1, 1, 2, 1), 41, 63),
        evaluate(
            new IntegerConv2d(window, Layout.NHWC, 1, 0), x, bytes(Shape.of(1, 1, 1, 2), 1, 10)));
  }

  @Test
  void accumulatorsThatLeaveInt32AreErrors() {
    IntegerTensor bias = sums(Shape.of(1), Integer.MAX_VALUE);
    IntegerTensor one = bytes(Shape.of(1, 1), 1);
    assertThrows(
        OperatorException.class, () -> new IntegerDense(0).evaluate(List.of(one, one, bias)));
    assertEquals(
        sums(Shape.of(1, 1), Integer.MAX_VALUE - 1), evaluate(new IntegerDense(2), one, one, bias));
  }

  @Test
  void dense() {
    assertEquals(
        sums(Shape.of(2, 2), 0, 12, 22, 32),
        evaluate(
            new IntegerDense(1),
            bytes(Shape.of(2, 2), 1, 1, 2, 3),
            bytes(Shape.of(2, 2), 2, 10, 20, 0),
            sums(Shape.of(2), 0, 12)));
    refuses(
        new IntegerDense(0), "at most 16 bits", sums(Shape.of(1, 1), 1), bytes(Shape.of(1, 1), 1));
    refuses(new IntegerDense(0), "must be an integer", floats(1), bytes(Shape.of(1, 1), 1));
    IntegerTensor one = bytes(Shape.of(1, 1), 1);
    refuses(new IntegerDense(0), "must be int32", one, one, bytes(Shape.of(1), 1));
  }

  @Test
  void sumPool() {
    Window window = new Window(2, 2, 1, 1, 1, 1, 0, 0, 1, 0);
    assertEquals(
        sums(Shape.of(1, 1, 2, 1), 14, 9),
        evaluate(
            new IntegerSumPool2d(window, Layout.NCHW, -1),
            bytes(Shape.of(1, 1, 2, 2), 1, 2, 3, 4)));
  }

  @Test
  void maxPoolNeverTakesPadding() {
    Window window = new Window(2, 2, 2, 2, 1, 1, 1, 1, 0, 0);
    assertEquals(
        bytes(Shape.of(1, 1, 1, 1), -5),
        evaluate(new MaxPool2d(window, Layout.NCHW), bytes(Shape.of(1, 1, 2, 2), -5, -1, -2, -3)));
  }

  @Test
  void requantizeRoundsHalfToEvenAndClamps() {
    // Halves 0.5 1.5 2.5 -0.5 -1.5 go to 0 2 2 0 -2; then 1 is added and -10..10 kept.
    assertEquals(
        bytes(Shape.of(7), 1, 3, 3, 1, -1, 10, -10),
        evaluate(
            new Requantize(List.of(HALF), 0, IntegerType.INT8),
            sums(Shape.of(7), 1, 3, 5, -1, -3, 1000, Integer.MIN_VALUE)));
  }

  @Test
  void requantizePerChannel() {
    Requantization third = new Average(1, 3, 1, 0, -10, 10, 0);
    Requantize op = new Requantize(List.of(HALF, third), 1, IntegerType.INT8);
    assertEquals(
        bytes(Shape.of(1, 2, 2), 3, 4, 1, 2), evaluate(op, sums(Shape.of(1, 2, 2), 4, 6, 4, 6)));
    refuses(op, "does not have 2 channels", sums(Shape.of(1, 1), 4));
    refuses(
        new Requantize(List.of(HALF), 0, IntegerType.UINT8),
        "do not fit uint8",
        sums(Shape.of(1), 1));
  }

  @Test
  void floatAccumulatorLosesBitsAsDefined() {
    Requantization identity = new ScaleThenRound(1, 0, 0, Integer.MAX_VALUE);
    assertEquals(1 << 24, identity.apply((1 << 24) + 1));
  }

  @Test
  void fusedActivationsTightenTheClamp() {
    Requantization clamped = HALF.clampedTo(1, 300);
    assertEquals(1, clamped.apply(-50));
    assertEquals(10, clamped.apply(50));
  }

  @Test
  void quantizedAdd() {
    SumRequantization sum = new FloatSum(2, 1, 1, 0, 2, 3, -128, 127);
    // (2 (a - 1) + b) / 2 + 3; 4.5 is a tie.
    assertEquals(
        bytes(Shape.of(3), 7, 4, 127),
        evaluate(
            new QuantizedAdd(sum, IntegerType.INT8),
            bytes(Shape.of(3), 4, 1, 127),
            bytes(Shape.of(3), 2, 3, 127)));
    assertEquals(
        bytes(Shape.of(2), 4, 4),
        evaluate(
            new QuantizedAdd(sum, IntegerType.INT8),
            bytes(Shape.of(1), 1),
            bytes(Shape.of(2), 1, 2)));
    refuses(
        new QuantizedAdd(sum, IntegerType.INT8),
        "do not broadcast",
        bytes(Shape.of(3), 1, 2, 3),
        bytes(Shape.of(2), 1, 2));
  }

  @Test
  void argMax() {
    IntegerTensor x = bytes(Shape.of(2, 3), 1, 5, 5, 9, 9, 2);
    assertEquals(indexes(Shape.of(2), 1, 0), evaluate(new ArgMax(1, false, false), x));
    assertEquals(indexes(Shape.of(2, 1), 2, 1), evaluate(new ArgMax(1, true, true), x));
    assertEquals(indexes(Shape.of(3), 1, 1, 0), evaluate(new ArgMax(0, false, false), x));
    assertEquals(
        indexes(Shape.of(), 1), evaluate(new ArgMax(0, false, false), floats(-1, 0.5f, 0.5f)));
    refuses(new ArgMax(2, false, false), "has no axis 2", x);
  }

  private static Tensor indexes(Shape shape, int... data) {
    return IntegerTensor.of(IntegerType.INT64, shape, data);
  }
}
