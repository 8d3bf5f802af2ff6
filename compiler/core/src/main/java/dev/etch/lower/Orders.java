// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.hardware.FrameOrder;
import dev.etch.op.Layout;
import dev.etch.tensor.Shape;

/** Frame orders of the usual kinds. */
final class Orders {
  private Orders() {}

  /** Rows, columns, channels of one frame (batch 1) in {@code layout}. */
  static FrameOrder rowsColumnsChannels(Shape shape, Layout layout) {
    int[] strides = shape.strides();
    int height = shape.dimension(layout.heightAxis());
    int width = shape.dimension(layout.widthAxis());
    int channels = shape.dimension(layout.channelAxis());
    int[] indexes = new int[shape.elements()];
    int p = 0;
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        for (int channel = 0; channel < channels; channel++) {
          indexes[p++] =
              row * strides[layout.heightAxis()]
                  + column * strides[layout.widthAxis()]
                  + channel * strides[layout.channelAxis()];
        }
      }
    }
    return new FrameOrder(indexes);
  }

  /** Row-major, but with {@code axis} innermost. */
  static FrameOrder axisInnermost(Shape shape, int axis) {
    int at = axis < 0 ? axis + shape.rank() : axis;
    int stride = shape.strides()[at];
    int extent = shape.dimension(at);
    int[] indexes = new int[shape.elements()];
    int p = 0;
    for (int index = 0; index < indexes.length; index++) {
      if (index / stride % extent == 0) {
        for (int i = 0; i < extent; i++) {
          indexes[p++] = index + i * stride;
        }
      }
    }
    return new FrameOrder(indexes);
  }

  /** Whether positions p, p + 1, ..., from every multiple of the extent on, run along the axis. */
  static boolean runsAlong(FrameOrder order, Shape shape, int axis) {
    int at = axis < 0 ? axis + shape.rank() : axis;
    int stride = shape.strides()[at];
    int extent = shape.dimension(at);
    int[] indexes = order.indexes();
    for (int p = 0; p < indexes.length; p++) {
      int start = indexes[p - p % extent];
      if (indexes[p] != start + p % extent * stride || start / stride % extent != 0) {
        return false;
      }
    }
    return true;
  }
}
