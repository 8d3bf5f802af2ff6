// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import dev.etch.op.Window;
import java.util.Arrays;

/**
 * Lays out what each kernel position sees of a feature map as one array over all output pixels.
 *
 * <p>A feature map is first padded and, if the window has a stride, split into phases: phase (p, q)
 * holds rows p, p + stride, ... and columns q, q + stride, ... What a kernel position sees is then
 * one contiguous piece of one phase, with rows as far apart as the phase's.
 */
final class TapReader {
  private final Window window;
  private final int outputHeight;
  private final int outputWidth;
  private final int rowPhases;
  private final int columnPhases;
  private final int phaseRows;
  private final int phaseColumns;
  private final float padding;

  /** A reader for outputs of the given extents, with a value for padding. */
  TapReader(Window window, int outputHeight, int outputWidth, float padding) {
    this.window = window;
    this.outputHeight = outputHeight;
    this.outputWidth = outputWidth;
    this.rowPhases = Math.min(window.strideHeight(), window.spanHeight());
    this.columnPhases = Math.min(window.strideWidth(), window.spanWidth());
    this.phaseRows = outputHeight + (window.spanHeight() - 1) / window.strideHeight();
    this.phaseColumns = outputWidth + (window.spanWidth() - 1) / window.strideWidth();
    this.padding = padding;
  }

  /** Elements of a tap: outputs with something arbitrary between rows. */
  int length() {
    return (outputHeight - 1) * phaseColumns + outputWidth;
  }

  /** Elements from one output row to the next. */
  int rowStride() {
    return phaseColumns;
  }

  /** Elements that {@link #split} needs. */
  int bufferLength() {
    return rowPhases * columnPhases * phaseRows * phaseColumns;
  }

  /** Fills a buffer with padding; feature maps of equal size may then be split into it in turn. */
  void clear(float[] buffer) {
    Arrays.fill(buffer, 0, bufferLength(), padding);
  }

  /** Splits a feature map into a cleared buffer. */
  void split(Planes planes, int index, float[] buffer) {
    for (int p = 0; p < rowPhases; p++) {
      for (int row = 0; row < phaseRows; row++) {
        int inputRow = row * window.strideHeight() + p - window.padTop();
        if (inputRow >= 0 && inputRow < planes.height()) {
          for (int q = 0; q < columnPhases; q++) {
            splitRow(planes, index, inputRow, q, buffer, phase(p, q) + row * phaseColumns);
          }
        }
      }
    }
  }

  private void splitRow(Planes planes, int index, int row, int q, float[] buffer, int to) {
    int stride = window.strideWidth();
    int first = q - window.padLeft();
    int begin = Math.max(0, -Math.floorDiv(first, stride));
    int end = Math.min(phaseColumns, -Math.floorDiv(first - planes.width(), stride));
    float[] data = planes.data()[index];
    int from = row * planes.rowStride() + first;
    if (stride == 1 && end > begin) {
      System.arraycopy(data, from + begin, buffer, to + begin, end - begin);
      return;
    }
    for (int column = begin; column < end; column++) {
      buffer[to + column] = data[from + column * stride];
    }
  }

  private int phase(int p, int q) {
    return (p * columnPhases + q) * phaseRows * phaseColumns;
  }

  /** What a kernel position (row by row) sees, from a buffer that was split. */
  void read(float[] buffer, int position, float[] tap) {
    int row = position / window.kernelWidth() * window.dilationHeight();
    int column = position % window.kernelWidth() * window.dilationWidth();
    int from =
        phase(row % window.strideHeight(), column % window.strideWidth())
            + row / window.strideHeight() * phaseColumns
            + column / window.strideWidth();
    System.arraycopy(buffer, from, tap, 0, length());
  }
}
