// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.quantize;

/**
 * Counts numbers that are not negative by the upper half of their bits, so that a bin is a 128th of
 * a power of two wide: any number of them, in one size of memory.
 */
final class MagnitudeHistogram {
  private static final int HALF = 16;

  private final long[] bins = new long[1 << HALF - 1];
  private long count;
  private float largest;

  void add(float magnitude) {
    bins[Float.floatToRawIntBits(magnitude) >>> HALF]++;
    count++;
    largest = Math.max(largest, magnitude);
  }

  /** What so large a part of the numbers is not above: the end of a bin, or the largest number. */
  float quantile(double part) {
    double wanted = part * count;
    long seen = 0;
    for (int bin = 0; bin < bins.length; bin++) {
      seen += bins[bin];
      if (seen >= wanted) {
        return Math.min(largest, Float.intBitsToFloat((bin + 1) << HALF));
      }
    }
    return largest;
  }
}
