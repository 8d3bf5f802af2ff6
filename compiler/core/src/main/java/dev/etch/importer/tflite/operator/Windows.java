// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.diagnostic.OperatorException;
import dev.etch.importer.Refusal;
import dev.etch.importer.tflite.schema.Padding;
import dev.etch.op.Window;
import dev.etch.tensor.Shape;

/** Sliding windows with TFLite's padding. TFLite {@code padding.h}. */
final class Windows {
  private Windows() {}

  /** One direction of a window. */
  record Span(int kernel, int stride, int dilation) {
    Span {
      if (kernel < 1 || stride < 1 || dilation < 1) {
        throw new OperatorException("kernel, stride and dilation must be at least 1", "");
      }
    }
  }

  /** The window over an input of shape [batch, height, width, channels]. */
  static Window of(Shape input, Span rows, Span columns, Padding padding) {
    if (input.rank() != 4) {
      throw new Refusal(
          "its input has shape " + input, "it must be [batch, height, width, channels]");
    }
    int above = padding == Padding.SAME ? padded(input.dimension(1), rows) : 0;
    int beside = padding == Padding.SAME ? padded(input.dimension(2), columns) : 0;
    return new Window(
        rows.kernel,
        columns.kernel,
        rows.stride,
        columns.stride,
        rows.dilation,
        columns.dilation,
        above / 2,
        beside / 2,
        above - above / 2,
        beside - beside / 2);
  }

  /**
   * Rows that are missing for {@code ceil(extent / stride)} outputs; an odd one goes to the end.
   */
  static int padded(int extent, Span span) {
    long outputs = (extent + (long) span.stride - 1) / span.stride;
    long needed = (outputs - 1) * span.stride + (span.kernel - 1L) * span.dilation + 1;
    return (int) Math.min(Integer.MAX_VALUE / 4, Math.max(0, needed - extent));
  }
}
