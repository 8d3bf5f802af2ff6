// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.Shape;

/** Order of the axes of a batch of feature maps. ONNX uses NCHW, TFLite NHWC; we keep both. */
public enum Layout {
  NCHW(1, 2, 3),
  NHWC(3, 1, 2);

  private final int channelAxis;
  private final int heightAxis;
  private final int widthAxis;

  Layout(int channelAxis, int heightAxis, int widthAxis) {
    this.channelAxis = channelAxis;
    this.heightAxis = heightAxis;
    this.widthAxis = widthAxis;
  }

  /** Axis of the channels. */
  public int channelAxis() {
    return channelAxis;
  }

  /** Axis of the rows. */
  public int heightAxis() {
    return heightAxis;
  }

  /** Axis of the columns. */
  public int widthAxis() {
    return widthAxis;
  }

  /** The shape of a batch of feature maps in this layout. */
  public Shape shape(int batch, int channels, int height, int width) {
    return this == NCHW
        ? Shape.of(batch, channels, height, width)
        : Shape.of(batch, height, width, channels);
  }
}
