// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.hardware.MatrixNetlist;
import dev.etch.tensor.IntegerType;

/**
 * How the frames of a matrix arrive.
 *
 * @param elements of a frame
 * @param each elements of a beat, which {@linkplain #fit fit} the frame
 * @param window beats that lanes can reach
 */
public record FrameBeats(int elements, int each, int window) {
  public FrameBeats {
    if (!fit(elements, each)) {
      throw new IllegalArgumentException(each + " elements a beat of " + elements);
    }
  }

  /** Beats of elements of a type, and as large a window as there may be. */
  public static FrameBeats of(int elements, int each, IntegerType element) {
    return new FrameBeats(elements, each, MatrixNetlist.window(each * element.bits()));
  }

  /**
   * Whether a frame of so many elements may arrive so many at a time: a power of two, as a lane
   * finds an element by bits of its number, and no more than it can choose from in a cycle.
   */
  public static boolean fit(int elements, int each) {
    return Integer.bitCount(each) == 1
        && each <= MatrixNetlist.MOST_BEAT_ELEMENTS
        && elements % each == 0;
  }

  /** Beats of a frame. */
  public int beats() {
    return elements / each;
  }
}
