// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import java.util.function.LongBinaryOperator;

/** Visits the outputs of a sliding window and the elements that each of them sees. */
final class WindowLoop {
  private final FeatureMaps input;
  private final FeatureMaps output;
  private final Window window;

  WindowLoop(FeatureMaps input, FeatureMaps output, Window window) {
    this.input = input;
    this.output = output;
    this.window = window;
  }

  /** Receives one output element. */
  interface OutputVisitor {
    void visit(int image, int channel, int row, int column);
  }

  /** An exact value for one element under the window. */
  interface IntegerTap {
    long at(int kernelRow, int kernelColumn, int inputRow, int inputColumn);
  }

  /** A float value for one element under the window. */
  interface FloatTap {
    double at(int kernelRow, int kernelColumn, int inputRow, int inputColumn);
  }

  /** Every output element, in order of image, channel, row and column. */
  void outputs(OutputVisitor visitor) {
    for (int image = 0; image < output.batch(); image++) {
      for (int channel = 0; channel < output.channels(); channel++) {
        for (int row = 0; row < output.height(); row++) {
          for (int column = 0; column < output.width(); column++) {
            visitor.visit(image, channel, row, column);
          }
        }
      }
    }
  }

  /** Exact sum over the window of the output at {@code (row, column)}, without the padding. */
  long sum(int row, int column, IntegerTap tap) {
    return fold(row, column, 0, Long::sum, tap);
  }

  /** Largest value under the window, without the padding; {@code Long.MIN_VALUE} if none. */
  long maximum(int row, int column, IntegerTap tap) {
    return fold(row, column, Long.MIN_VALUE, Math::max, tap);
  }

  /** How many elements under the window are not padding. */
  int count(int row, int column) {
    return (int) sum(row, column, (i, j, y, x) -> 1);
  }

  /** Sum in double precision over the window, without the padding. */
  double floatSum(int row, int column, FloatTap tap) {
    double[] sum = {0};
    sum(
        row,
        column,
        (i, j, y, x) -> {
          sum[0] += tap.at(i, j, y, x);
          return 0;
        });
    return sum[0];
  }

  /** Largest value under the window, without the padding; minus infinity if none. */
  double floatMaximum(int row, int column, FloatTap tap) {
    double[] largest = {Double.NEGATIVE_INFINITY};
    sum(
        row,
        column,
        (i, j, y, x) -> {
          largest[0] = Math.max(largest[0], tap.at(i, j, y, x));
          return 0;
        });
    return largest[0];
  }

  private long fold(int row, int column, long start, LongBinaryOperator operator, IntegerTap tap) {
    int top = row * window.strideHeight() - window.padTop();
    int left = column * window.strideWidth() - window.padLeft();
    long result = start;
    for (int i = 0; i < window.kernelHeight(); i++) {
      for (int j = 0; j < window.kernelWidth(); j++) {
        int y = top + i * window.dilationHeight();
        int x = left + j * window.dilationWidth();
        if (input.contains(y, x)) {
          result = operator.applyAsLong(result, tap.at(i, j, y, x));
        }
      }
    }
    return result;
  }
}
