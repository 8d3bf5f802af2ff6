// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.quantize;

import java.util.function.DoubleUnaryOperator;

/**
 * Counts numbers that are not negative by the upper half of their bits, so that a bin is a 128th of
 * a power of two wide: any number of them, in one size of memory.
 */
final class MagnitudeHistogram {
  private static final int HALF = 16;

  /** Numbers that stand for those of a bin. */
  private static final int PLACES = 4;

  private final long[] bins = new long[1 << HALF - 1];
  private long count;
  private float largest;

  void add(float magnitude) {
    bins[Float.floatToRawIntBits(magnitude) >>> HALF]++;
    count++;
    largest = Math.max(largest, magnitude);
  }

  /**
   * Sum of an error over all numbers, which are taken to lie evenly in their bins.
   *
   * @param error of a number
   */
  double sum(DoubleUnaryOperator error) {
    double sum = 0;
    for (int bin = 0; bin < bins.length; bin++) {
      if (bins[bin] > 0) {
        double low = Float.intBitsToFloat(bin << HALF);
        double width = Math.min(largest, Float.intBitsToFloat((bin + 1) << HALF)) - low;
        for (int i = 0; i < PLACES; i++) {
          double number = low + (i + 0.5) / PLACES * width;
          sum += error.applyAsDouble(number) * bins[bin] / PLACES;
        }
      }
    }
    return sum;
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
