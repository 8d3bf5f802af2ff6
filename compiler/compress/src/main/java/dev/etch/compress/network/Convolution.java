// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.network;

import dev.etch.op.Layout;
import dev.etch.op.Window;
import dev.etch.tensor.Shape;

/**
 * A convolution that a built-in architecture is made of.
 *
 * @param outputs channels of the result
 * @param kernelHeight rows of the kernel
 * @param kernelWidth columns of the kernel
 * @param stride in both directions
 * @param padded whether the result has as many rows and columns as the input, divided by the stride
 *     and rounded up; else the kernel stays inside
 * @param depthwise whether each channel has kernels of its own
 */
record Convolution(
    int outputs, int kernelHeight, int kernelWidth, int stride, boolean padded, boolean depthwise) {

  /** Steps of one element, the kernel stays inside. */
  static Convolution inside(int outputs, int kernel) {
    return new Convolution(outputs, kernel, kernel, 1, false, false);
  }

  /** With as much padding as keeps the size. */
  static Convolution padded(int outputs, int kernel, int stride) {
    return new Convolution(outputs, kernel, kernel, stride, true, false);
  }

  /** Of each channel by itself, 3 x 3, padded. */
  static Convolution depthwise(int channels, int stride) {
    return new Convolution(channels, 3, 3, stride, true, true);
  }

  /** Of each pixel by itself. */
  static Convolution pointwise(int outputs, int stride) {
    return new Convolution(outputs, 1, 1, stride, true, false);
  }

  int groups(int inputs) {
    return depthwise ? inputs : 1;
  }

  Shape weights(int inputs) {
    return Shape.of(outputs, inputs / groups(inputs), kernelHeight, kernelWidth);
  }

  /** The window over feature maps [batch, channels, height, width]; odd padding goes to the end. */
  Window window(Shape maps) {
    int above = padding(maps.dimension(Layout.NCHW.heightAxis()), kernelHeight);
    int beside = padding(maps.dimension(Layout.NCHW.widthAxis()), kernelWidth);
    return new Window(
        kernelHeight,
        kernelWidth,
        stride,
        stride,
        1,
        1,
        above / 2,
        beside / 2,
        above - above / 2,
        beside - beside / 2);
  }

  private int padding(int extent, int kernel) {
    int outputs = (extent + stride - 1) / stride;
    return padded ? Math.max(0, (outputs - 1) * stride + kernel - extent) : 0;
  }
}
