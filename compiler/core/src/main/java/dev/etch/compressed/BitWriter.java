// SPDX-License-Identifier: Apache-2.0
package dev.etch.compressed;

import java.io.ByteArrayOutputStream;

/** Writes words of bits one after the other, the highest bit of each first. */
final class BitWriter {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private int pending;
  private int pendingBits;
  private long written;

  /**
   * Writes a word.
   *
   * @param bits of it, 0 to 32
   */
  void write(int word, int bits) {
    for (int bit = bits - 1; bit >= 0; bit--) {
      pending = (pending << 1) | ((word >>> bit) & 1);
      if (++pendingBits == Byte.SIZE) {
        bytes.write(pending);
        pending = 0;
        pendingBits = 0;
      }
    }
    written += bits;
  }

  /** Bits so far. */
  long bits() {
    return written;
  }

  /** The bytes, the last one filled up with zeros. */
  byte[] toBytes() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(bytes.toByteArray());
    if (pendingBits > 0) {
      all.write(pending << (Byte.SIZE - pendingBits));
    }
    return all.toByteArray();
  }
}
