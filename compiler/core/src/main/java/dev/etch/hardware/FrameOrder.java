// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import java.util.Arrays;

/**
 * In which order the elements of a tensor travel through a stream: the element at position p of the
 * frame is the tensor's row-major element {@code indexes[p]}. Reshape and Transpose change only
 * this, and cost no hardware as long as the consumer can read in the order that it gets.
 *
 * <p>The array is not copied: whoever makes the order gives the array up.
 */
public record FrameOrder(int[] indexes) {

  /** Row-major. */
  public static FrameOrder rowMajor(int elements) {
    int[] indexes = new int[elements];
    Arrays.setAll(indexes, i -> i);
    return new FrameOrder(indexes);
  }

  /** Elements of a frame. */
  public int size() {
    return indexes.length;
  }

  /** The position at which each element travels, by its row-major number. */
  public int[] places() {
    int[] places = new int[indexes.length];
    for (int p = 0; p < places.length; p++) {
      places[indexes[p]] = p;
    }
    return places;
  }

  /** Row-major tensor data to stream order. */
  public int[] toStream(int[] tensor) {
    int[] frame = new int[indexes.length];
    for (int p = 0; p < frame.length; p++) {
      frame[p] = tensor[indexes[p]];
    }
    return frame;
  }

  /** Stream order to row-major tensor data. */
  public int[] toTensor(int[] frame) {
    int[] tensor = new int[indexes.length];
    for (int p = 0; p < frame.length; p++) {
      tensor[indexes[p]] = frame[p];
    }
    return tensor;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FrameOrder o && Arrays.equals(indexes, o.indexes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(indexes);
  }

  @Override
  public String toString() {
    return "FrameOrder of " + indexes.length;
  }
}
