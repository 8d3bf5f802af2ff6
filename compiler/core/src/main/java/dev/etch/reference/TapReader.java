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
  private final RowCopy rows;

  /** Copies every so many elements of a row; may write arbitrary numbers after them. */
  interface RowCopy {
    void copy(float[] data, int from, int stride, float[] to, int first, int count);
  }

  /** A reader for outputs of the given extents, with a value for padding. */
  TapReader(Window window, int outputHeight, int outputWidth, float padding) {
    this(window, outputHeight, outputWidth, padding, TapReader::copyRow);
  }

  /** A reader that has its own way to copy rows, and room in its buffer for what that needs. */
  TapReader(Window window, int outputHeight, int outputWidth, float padding, RowCopy rows) {
    this.rows = rows;
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

  /** Splits a feature map, with its padding, into {@code buffer[first]} and what follows. */
  void split(Planes planes, int index, float[] buffer, int first) {
    if (window.strideHeight() == 1
        && window.strideWidth() == 1
        && planes.rowStride() == phaseColumns) {
      copy(planes, planes.data()[index], buffer, first);
      return;
    }
    for (int p = 0; p < rowPhases; p++) {
      for (int q = 0; q < columnPhases; q++) {
        splitPhase(planes, planes.data()[index], p, q, buffer, first + phase(p, q));
      }
    }
  }

  /**
   * Splits a feature map whose rows are already as far apart as the phase's, all at once: without a
   * stride, there is one phase, and it is the feature map with its padding.
   */
  private void copy(Planes planes, float[] data, float[] buffer, int first) {
    int end = first + bufferLength();
    int begin = first + window.padTop() * phaseColumns + window.padLeft();
    Arrays.fill(buffer, first, begin, padding);
    System.arraycopy(data, 0, buffer, begin, planes.span());
    int gap = phaseColumns - planes.width();
    for (int row = 1; row <= planes.height(); row++) {
      int next = begin + row * phaseColumns;
      pad(buffer, next - gap, Math.min(end, next));
    }
    int below = begin + planes.height() * phaseColumns;
    Arrays.fill(buffer, Math.min(end, below), end, padding);
  }

  /** In the order of the addresses, so that a row may be written beyond its end. */
  private void splitPhase(Planes planes, float[] data, int p, int q, float[] buffer, int first) {
    int stride = window.strideWidth();
    int left = q - window.padLeft();
    int begin = Math.min(phaseColumns, Math.max(0, -Math.floorDiv(left, stride)));
    int end = Math.min(phaseColumns, -Math.floorDiv(left - planes.width(), stride));
    for (int row = 0; row < phaseRows; row++) {
      int inputRow = row * window.strideHeight() + p - window.padTop();
      int to = first + row * phaseColumns;
      if (inputRow < 0 || inputRow >= planes.height() || end <= begin) {
        Arrays.fill(buffer, to, to + phaseColumns, padding);
        continue;
      }
      int from = inputRow * planes.rowStride() + left + begin * stride;
      pad(buffer, to, to + begin);
      rows.copy(data, from, stride, buffer, to + begin, end - begin);
      pad(buffer, to + end, to + phaseColumns);
    }
  }

  /** For a few elements, where a call of {@link Arrays#fill} takes longer than they do. */
  private void pad(float[] buffer, int begin, int end) {
    for (int i = begin; i < end; i++) {
      buffer[i] = padding;
    }
  }

  /** Copies every so many elements of a row, no more than there are. */
  static void copyRow(float[] data, int from, int stride, float[] to, int first, int count) {
    if (stride == 1) {
      System.arraycopy(data, from, to, first, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      to[first + i] = data[from + i * stride];
    }
  }

  private int phase(int p, int q) {
    return (p * columnPhases + q) * phaseRows * phaseColumns;
  }

  /** What a kernel position (row by row) sees, from a buffer that was split to its beginning. */
  void read(float[] buffer, int position, float[] tap) {
    System.arraycopy(buffer, offset(position), tap, 0, length());
  }

  /** Where in what was split a kernel position sees its first element. */
  int offset(int position) {
    int row = position / window.kernelWidth() * window.dilationHeight();
    int column = position % window.kernelWidth() * window.dilationWidth();
    return phase(row % window.strideHeight(), column % window.strideWidth())
        + row / window.strideHeight() * phaseColumns
        + column / window.strideWidth();
  }
}
