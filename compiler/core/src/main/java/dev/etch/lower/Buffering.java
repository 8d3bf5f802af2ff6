// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

/**
 * What a layer's window buffer takes in.
 *
 * @param inputElements channels side by side in a beat; divides the input channels
 * @param ahead whether there is also room for the first window of the next frame, so that no cycle
 *     is lost between frames
 * @param banked whether copies of lanes read from banks of one copy of the window, and not each
 *     from a copy of their own
 */
public record Buffering(int inputElements, boolean ahead, boolean banked) {
  /** The least that works, if the layer reads no words of several elements. */
  public static final Buffering LEAST = new Buffering(1, false, false);

  public Buffering {
    if (inputElements < 1) {
      throw new IllegalArgumentException("every part of a folding is at least 1");
    }
  }
}
