// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.diagnostic.OperatorException;
import java.util.ArrayList;
import java.util.List;

/**
 * Geometry of a sliding window over rows and columns.
 *
 * @param kernelHeight rows of the kernel, at least 1
 * @param kernelWidth columns of the kernel, at least 1
 * @param strideHeight rows from one output to the next, at least 1
 * @param strideWidth columns from one output to the next, at least 1
 * @param dilationHeight rows between neighbouring kernel rows, at least 1
 * @param dilationWidth columns between neighbouring kernel columns, at least 1
 * @param padTop rows of padding above; pads are at least 0
 * @param padLeft columns of padding on the left
 * @param padBottom rows of padding below
 * @param padRight columns of padding on the right
 */
public record Window(
    int kernelHeight,
    int kernelWidth,
    int strideHeight,
    int strideWidth,
    int dilationHeight,
    int dilationWidth,
    int padTop,
    int padLeft,
    int padBottom,
    int padRight) {

  private static final int LARGEST = 1 << 24;

  public Window {
    if (Math.min(kernelHeight, kernelWidth) < 1
        || Math.min(strideHeight, strideWidth) < 1
        || Math.min(dilationHeight, dilationWidth) < 1) {
      throw new OperatorException("kernel, stride and dilation must be at least 1", "");
    }
    if (Math.min(Math.min(padTop, padLeft), Math.min(padBottom, padRight)) < 0) {
      throw new OperatorException("negative padding", "crop with a Slice in front instead");
    }
    checkSize(kernelHeight, dilationHeight, padTop, padBottom);
    checkSize(kernelWidth, dilationWidth, padLeft, padRight);
  }

  private static void checkSize(int kernel, int dilation, int before, int after) {
    long span = (kernel - 1L) * dilation + 1;
    if (Math.max(span, (long) before + after) > LARGEST) {
      throw new OperatorException(
          "a window of " + span + " padded by " + before + " and " + after + " is too large",
          "at most " + LARGEST + " rows and columns");
    }
  }

  /** A window without stride, dilation or padding. */
  public static Window of(int kernelHeight, int kernelWidth) {
    return new Window(kernelHeight, kernelWidth, 1, 1, 1, 1, 0, 0, 0, 0);
  }

  /**
   * How many elements of an input of {@code height} rows and {@code width} columns lie under the
   * window at each place of the result, row by row. Fewer than the kernel has where it is over
   * padding.
   */
  public List<Integer> elementsInside(int height, int width, int rows, int columns) {
    List<Integer> counts = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      int top = row * strideHeight - padTop;
      int inRows = inside(top, kernelHeight, dilationHeight, height);
      for (int column = 0; column < columns; column++) {
        int left = column * strideWidth - padLeft;
        counts.add(inRows * inside(left, kernelWidth, dilationWidth, width));
      }
    }
    return counts;
  }

  private static int inside(int from, int taps, int dilation, int extent) {
    int inside = 0;
    for (int tap = 0; tap < taps; tap++) {
      int place = from + tap * dilation;
      inside += place >= 0 && place < extent ? 1 : 0;
    }
    return inside;
  }

  /** Rows that one window spans. */
  public int spanHeight() {
    return (kernelHeight - 1) * dilationHeight + 1;
  }

  /** Columns that one window spans. */
  public int spanWidth() {
    return (kernelWidth - 1) * dilationWidth + 1;
  }

  /** Output rows for {@code height} input rows; 0 or less if the window does not fit. */
  public int outputHeight(int height) {
    return outputs((long) height + padTop + padBottom - spanHeight(), strideHeight);
  }

  /** Output columns for {@code width} input columns; 0 or less if the window does not fit. */
  public int outputWidth(int width) {
    return outputs((long) width + padLeft + padRight - spanWidth(), strideWidth);
  }

  private static int outputs(long room, int stride) {
    return (int) Math.min(Integer.MAX_VALUE, Math.floorDiv(room, stride) + 1L);
  }

  /** Whether any side is padded. */
  public boolean isPadded() {
    return padTop + padLeft + padBottom + padRight > 0;
  }
}
