// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

/**
 * The circular memory of a {@link WindowUnit} and the padding that its writer inserts.
 *
 * @param height rows of the frame without padding
 * @param width columns of the frame without padding
 * @param padTop rows of padding above
 * @param padLeft columns of padding on the left
 * @param padBottom rows of padding below
 * @param padRight columns of padding on the right
 * @param padValue element value of padding, of the input's element type
 * @param beatsPerPixel beats that one pixel takes
 * @param depth beats that the memory holds, a power of two
 */
public record WindowBuffer(
    int height,
    int width,
    int padTop,
    int padLeft,
    int padBottom,
    int padRight,
    int padValue,
    int beatsPerPixel,
    int depth) {
  public WindowBuffer {
    if (height < 1 || width < 1 || beatsPerPixel < 1) {
      throw new IllegalArgumentException("empty frame");
    }
    if (Math.min(Math.min(padTop, padLeft), Math.min(padBottom, padRight)) < 0) {
      throw new IllegalArgumentException("negative padding");
    }
    if (Integer.bitCount(depth) != 1) {
      throw new IllegalArgumentException("depth must be a power of two, got " + depth);
    }
  }

  /** Rows with padding. */
  public int paddedHeight() {
    return padTop + height + padBottom;
  }

  /** Columns with padding. */
  public int paddedWidth() {
    return padLeft + width + padRight;
  }

  /** Beats of a padded frame. */
  public int paddedBeats() {
    return paddedHeight() * paddedWidth() * beatsPerPixel;
  }
}
