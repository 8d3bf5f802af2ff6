// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

/**
 * How the window's origin moves through the padded frame; distances are in beats.
 *
 * @param outputHeight rows of output pixels
 * @param outputWidth columns of output pixels
 * @param pixelStep from one pixel of a row to the next
 * @param rowStep from the last pixel of a row to the first of the next row
 * @param frameStep from the last pixel of a frame to the first of the next frame
 * @param span beats from the window's origin to just behind its last beat
 */
public record WindowWalk(
    int outputHeight, int outputWidth, int pixelStep, int rowStep, int frameStep, int span) {
  public WindowWalk {
    if (outputHeight < 1 || outputWidth < 1 || span < 1) {
      throw new IllegalArgumentException("empty walk");
    }
    if (Math.min(pixelStep, Math.min(rowStep, frameStep)) < 0) {
      throw new IllegalArgumentException("the window never moves backwards");
    }
  }

  /**
   * The same with steps in words of the buffer's memories; the window begins with a bank's round.
   */
  public WindowWalk inWords(WindowBuffer buffer) {
    if (!buffer.banks().areSeveral()) {
      return this;
    }
    int alongRow = (outputWidth - 1) * pixelStep;
    int wordsAlongRow = alongRow / buffer.banks().count();
    return new WindowWalk(
        outputHeight,
        outputWidth,
        pixelStep / buffer.banks().count(),
        (rowStep + alongRow) / buffer.rowBeats() * buffer.rowWords() - wordsAlongRow,
        (frameStep + alongRow) / buffer.rowBeats() * buffer.rowWords() - wordsAlongRow,
        span);
  }

  /** Output pixels of a frame. */
  public int pixels() {
    return outputHeight * outputWidth;
  }
}
