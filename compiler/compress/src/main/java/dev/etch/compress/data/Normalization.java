// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.data;

/**
 * What a network gets for an element of the data: {@code (element - zeroPoint) * scale}, computed
 * in float32. For bytes with an integer zero point this is how an accelerator reads them, so that
 * it takes images as they are.
 *
 * @param scale finite and above 0
 * @param zeroPoint the element that becomes 0, 0 to 255
 */
public record Normalization(float scale, int zeroPoint) {
  /** Bytes to 0 ... 1. */
  public static final Normalization TO_ONE = new Normalization(1 / 255f, 0);

  /** Elements as they are. */
  public static final Normalization NONE = new Normalization(1, 0);

  public Normalization {
    if (!(scale > 0) || Float.isInfinite(scale)) {
      throw new IllegalArgumentException("scale " + scale);
    }
    if (zeroPoint < 0 || zeroPoint > 255) {
      throw new IllegalArgumentException("zero point " + zeroPoint);
    }
  }

  /** What the network gets. */
  public float apply(float element) {
    return (element - zeroPoint) * scale;
  }
}
