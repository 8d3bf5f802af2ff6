// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import dev.etch.hardware.coding.PrefixCode;

/**
 * Which bits of the lanes' words a {@link MatrixCode} codes, and how long its words may be.
 *
 * @param distanceBits of a distance
 * @param weightBits of the widest weight, with its sign
 * @param distanceLow bits of a distance that are not coded
 * @param weightLow bits of a weight that are not
 * @param mostBits of a code word, at most {@link PrefixCode#MOST_BITS}
 * @param imageBits of a word of an image
 */
public record CodeForm(
    int distanceBits, int weightBits, int distanceLow, int weightLow, int mostBits, int imageBits) {
  public CodeForm {
    if (mostBits < 1 || mostBits > PrefixCode.MOST_BITS) {
      throw new IllegalArgumentException("code words of " + mostBits + " bits");
    }
  }

  /** Bits of a symbol: the high ones of a distance and of a weight. */
  public int symbolBits() {
    return distanceBits - distanceLow + weightBits - weightLow;
  }

  /** Bits that are not coded. */
  public int lowBits() {
    return distanceLow + weightLow;
  }

  /** The same with code words of at most so many bits. */
  public CodeForm withMostBits(int bits) {
    return new CodeForm(distanceBits, weightBits, distanceLow, weightLow, bits, imageBits);
  }
}
