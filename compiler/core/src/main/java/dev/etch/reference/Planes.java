// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import dev.etch.op.Layout;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Shape;
import dev.etch.tensor.TensorType;

/**
 * A batch of integer feature maps the way that the vectorizing kernels want them: one array a
 * channel, and the integers as float32, which is exact as long as they stay below 2^24. Rows may be
 * further apart than they are wide; what is between them is arbitrary.
 *
 * @param layout of the tensor that this stands for
 * @param height rows
 * @param width columns
 * @param rowStride from a row to the next, at least {@code width}
 * @param data one array a channel, all channels of the first image first
 */
record Planes(Layout layout, int height, int width, int rowStride, float[][] data) {
  /** Integers up to here, of either sign, and their sums up to here, are exact in float32. */
  static final long EXACT = 1L << 24;

  /** The planes of a tensor with 4 axes. */
  static Planes of(IntegerTensor tensor, Layout layout) {
    Shape shape = tensor.shape();
    int channels = shape.dimension(layout.channelAxis());
    int height = shape.dimension(layout.heightAxis());
    int width = shape.dimension(layout.widthAxis());
    float[][] data = new float[shape.dimension(0) * channels][height * width];
    for (int i = 0; i < data.length; i++) {
      Plane plane = Plane.of(shape, layout, i / channels, i % channels);
      for (int row = 0; row < height; row++) {
        int from = plane.first() + row * plane.rowStride();
        for (int column = 0; column < width; column++) {
          data[i][row * width + column] = tensor.data()[from + column * plane.columnStride()];
        }
      }
    }
    return new Planes(layout, height, width, width, data);
  }

  /** The tensor that this stands for; {@code type} is its type. */
  IntegerTensor tensor(TensorType type) {
    int channels = type.shape().dimension(layout.channelAxis());
    int[] y = new int[type.shape().elements()];
    for (int i = 0; i < data.length; i++) {
      Plane plane = Plane.of(type.shape(), layout, i / channels, i % channels);
      for (int row = 0; row < height; row++) {
        int to = plane.first() + row * plane.rowStride();
        for (int column = 0; column < width; column++) {
          y[to + column * plane.columnStride()] = (int) data[i][row * rowStride + column];
        }
      }
    }
    return new IntegerTensor(type, y);
  }

  /** Numbers from the first of a plane to its last. */
  int span() {
    return (height - 1) * rowStride + width;
  }

  /** The same feature maps with another distance between rows. */
  Planes withRowStride(int stride) {
    if (stride == rowStride) {
      return this;
    }
    float[][] copy = new float[data.length][(height - 1) * stride + width];
    for (int i = 0; i < data.length; i++) {
      for (int row = 0; row < height; row++) {
        System.arraycopy(data[i], row * rowStride, copy[i], row * stride, width);
      }
    }
    return new Planes(layout, height, width, stride, copy);
  }
}
