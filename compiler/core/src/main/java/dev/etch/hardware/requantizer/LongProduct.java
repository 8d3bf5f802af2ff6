// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.requantizer;

/** Products of more than 64 bits, which the generated hardware is wide enough for. */
final class LongProduct {
  private LongProduct() {}

  /**
   * {@code (x * factor + offset) >> shift}, exact; the result, not the product, must fit 64 bits.
   */
  static long shifted(long x, long factor, long offset, int shift) {
    long low = x * factor + offset;
    long high = Math.multiplyHigh(x, factor) + (offset >> (Long.SIZE - 1));
    // The addition of the lower halves carried if the sum is below an addend.
    high += Long.compareUnsigned(low, offset) < 0 ? 1 : 0;
    return shift == 0 ? low : high << (Long.SIZE - shift) | low >>> shift;
  }
}
