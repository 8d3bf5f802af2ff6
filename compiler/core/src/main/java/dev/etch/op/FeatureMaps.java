// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.diagnostic.OperatorException;
import dev.etch.tensor.Shape;
import java.util.List;

/** Extents of a batch of feature maps, and where each element is, whatever the layout. */
record FeatureMaps(Layout layout, int batch, int channels, int height, int width) {

  /** The feature maps in operand {@code index}, which must have 4 axes. */
  static FeatureMaps of(Operands operands, int index, Layout layout) {
    operands.rank(index, 4);
    return of(operands.any(index).shape(), layout);
  }

  /** The feature maps of a shape with 4 axes. */
  static FeatureMaps of(Shape shape, Layout layout) {
    return new FeatureMaps(
        layout,
        shape.dimension(0),
        shape.dimension(layout.channelAxis()),
        shape.dimension(layout.heightAxis()),
        shape.dimension(layout.widthAxis()));
  }

  /** What a window makes of these, with another number of channels. */
  FeatureMaps windowed(Window window, int outputChannels) {
    int rows = window.outputHeight(height);
    int columns = window.outputWidth(width);
    if (rows < 1 || columns < 1) {
      throw new OperatorException(
          "a window of %d by %d is larger than the padded input of %d by %d"
              .formatted(
                  window.spanHeight(),
                  window.spanWidth(),
                  height + window.padTop() + window.padBottom(),
                  width + window.padLeft() + window.padRight()),
          "use a smaller kernel or dilation, or more padding");
    }
    return new FeatureMaps(layout, batch, outputChannels, rows, columns);
  }

  /** Complains unless every window of a pool holds at least one element that is not padding. */
  void checkPool(Window window) {
    boolean tall =
        window.padTop() < window.spanHeight() && window.padBottom() < window.spanHeight();
    boolean wide = window.padLeft() < window.spanWidth() && window.padRight() < window.spanWidth();
    boolean dense =
        !window.isPadded()
            || (window.dilationHeight() <= height && window.dilationWidth() <= width);
    if (!tall || !wide || !dense) {
      throw new OperatorException(
          "a pooling window can lie wholly in the padding", "pad by less than the kernel");
    }
  }

  /** Row-major position of an element. */
  int index(int image, int channel, int row, int column) {
    return layout == Layout.NCHW
        ? ((image * channels + channel) * height + row) * width + column
        : ((image * height + row) * width + column) * channels + channel;
  }

  /** Row-major distance between neighbouring channels. */
  int channelStride() {
    return layout == Layout.NCHW ? height * width : 1;
  }

  /** Whether a place is in the map and not in the padding. */
  boolean contains(int row, int column) {
    return row >= 0 && row < height && column >= 0 && column < width;
  }

  /** The shape in this layout. */
  Shape shape() {
    return Operands.shape(
        layout == Layout.NCHW
            ? List.of(batch, channels, height, width)
            : List.of(batch, height, width, channels));
  }
}
