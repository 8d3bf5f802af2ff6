// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.hardware.Stream;
import dev.etch.tensor.IntegerType;
import java.util.Objects;

/**
 * How the integers of a frame lie in the beats of an AXI4-Stream port: {@code elements} side by
 * side, the first in the lowest bits, each widened to 8, 16 or 32 bits; bytes are little-endian.
 *
 * @param elements in a beat
 * @param element type of each, of at most 32 bits
 * @param beatsPerFrame beats of a frame
 */
public record BeatLayout(int elements, IntegerType element, int beatsPerFrame) {
  public BeatLayout {
    Objects.requireNonNull(element);
    if (elements < 1 || beatsPerFrame < 1 || element.bits() > 32) {
      throw new IllegalArgumentException("not a beat layout");
    }
  }

  /** The layout of a design's input or output stream on AXI. */
  public static BeatLayout of(Stream stream) {
    return new BeatLayout(
        stream.type().elements(), stream.type().element(), stream.beatsPerFrame());
  }

  /** Bytes of a beat. */
  public int beatBytes() {
    return elements * element.storageBytes();
  }

  /** Bytes of a frame. */
  public int frameBytes() {
    return beatsPerFrame * beatBytes();
  }

  /** Integers of a frame. */
  public int frameElements() {
    return beatsPerFrame * elements;
  }

  /** Stream-order integers to bytes. */
  public byte[] pack(int[] frame) {
    if (frame.length != frameElements()) {
      throw new IllegalArgumentException(
          "a frame has " + frameElements() + " elements, not " + frame.length);
    }
    int size = element.storageBytes();
    byte[] bytes = new byte[frame.length * size];
    for (int i = 0; i < frame.length; i++) {
      for (int b = 0; b < size; b++) {
        bytes[i * size + b] = (byte) (frame[i] >> (8 * b));
      }
    }
    return bytes;
  }

  /**
   * Bytes to stream-order integers, with all bits that the port carries: an element that was not
   * properly widened shows as a value outside of its type.
   */
  public int[] unpack(byte[] bytes) {
    int size = element.storageBytes();
    int[] frame = new int[bytes.length / size];
    for (int i = 0; i < frame.length; i++) {
      int value = 0;
      for (int b = 0; b < size; b++) {
        value |= (bytes[i * size + b] & 0xff) << (8 * b);
      }
      int unused = 32 - 8 * size;
      frame[i] = element.signed() ? value << unused >> unused : value;
    }
    return frame;
  }
}
