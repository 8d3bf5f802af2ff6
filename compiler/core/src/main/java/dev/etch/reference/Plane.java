// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import dev.etch.op.Layout;
import dev.etch.tensor.Shape;

/**
 * Where the rows and columns of one channel of one image are in a row-major tensor.
 *
 * @param first position of row 0, column 0
 * @param rowStride distance between rows
 * @param columnStride distance between columns
 * @param height rows
 * @param width columns
 */
record Plane(int first, int rowStride, int columnStride, int height, int width) {

  /** The plane of a channel. */
  static Plane of(Shape shape, Layout layout, int image, int channel) {
    int[] strides = shape.strides();
    return new Plane(
        image * strides[0] + channel * strides[layout.channelAxis()],
        strides[layout.heightAxis()],
        strides[layout.widthAxis()],
        shape.dimension(layout.heightAxis()),
        shape.dimension(layout.widthAxis()));
  }
}
