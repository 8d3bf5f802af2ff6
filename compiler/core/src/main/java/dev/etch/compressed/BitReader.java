// SPDX-License-Identifier: Apache-2.0
package dev.etch.compressed;

/** Reads what {@link BitWriter} wrote. */
final class BitReader {
  private final byte[] bytes;
  private long at;

  BitReader(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * The next word.
   *
   * @param bits of it, 0 to 32
   * @throws DamagedCode if there are fewer
   */
  int read(int bits) {
    int word = 0;
    for (int i = 0; i < bits; i++) {
      if (at >= 8L * bytes.length) {
        throw new DamagedCode("it ends early");
      }
      word = word << 1 | (bytes[(int) (at >> 3)] >> (7 - (at & 7)) & 1);
      at++;
    }
    return word;
  }

  /** Whole bytes that were not touched. */
  int left() {
    return (int) (bytes.length - (at + 7) / 8);
  }
}
