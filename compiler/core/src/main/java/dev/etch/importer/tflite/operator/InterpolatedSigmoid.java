// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.op.Quantization;
import java.util.function.IntUnaryOperator;

/**
 * LOGISTIC and TANH of 16-bit integers: linear interpolation in a table of the logistic function,
 * at {@code i / 24} with 16 fraction bits, for both signs; tanh(x) is 2 * logistic(2 * x) - 1.
 *
 * <p>Source: TFLite's 16-bit {@code Logistic} and {@code Tanh}. An entry of its table is the
 * function plus half of what interpolation would be short of in the middle of the interval; the
 * last is the largest number there is.
 */
final class InterpolatedSigmoid {
  private static final int ENTRIES = 256;
  private static final double STEPS_PER_UNIT = 24;
  private static final int ONE = 1 << 16;
  private static final int[] TABLE = table();

  /** Operands come with 12 fraction bits, or 11: then they are multiplied by this. */
  private static final int POWER_OF_TWO_FACTOR = 3;

  private static final int FRACTION_BITS = 12;
  private static final double TOLERANCE = 1e-3;
  private static final double LARGEST_MULTIPLIER = Short.MAX_VALUE;
  private static final int LARGEST_SHIFT = 31;

  private final int multiplier;
  private final int shift;

  private InterpolatedSigmoid(int multiplier, int shift) {
    this.multiplier = multiplier;
    this.shift = shift;
  }

  /** TFLite's {@code TanhPrepare} and {@code SigmoidPrepare}. */
  static InterpolatedSigmoid of(Quantization input) {
    double exponent = Math.log(input.scale(0)) / Math.log(2);
    long left = FRACTION_BITS + Math.round(exponent);
    boolean isPowerOfTwo = Math.abs(exponent - Math.rint(exponent)) < TOLERANCE;
    if (isPowerOfTwo && (left == 0 || left == 1)) {
      return new InterpolatedSigmoid(POWER_OF_TWO_FACTOR << left, 0);
    }
    double real = (double) input.scale(0) * (1 << FRACTION_BITS) * POWER_OF_TWO_FACTOR;
    int shift = 0;
    while (real <= LARGEST_MULTIPLIER / 2 && shift < LARGEST_SHIFT) {
      real *= 2;
      shift++;
    }
    return new InterpolatedSigmoid((int) real, shift);
  }

  /** 0 to 1 with 15 fraction bits. */
  IntUnaryOperator logistic() {
    return x -> {
      int place = place(x);
      int height = interpolated(Math.abs(place), 9, 0x7FFF << 10);
      int half = 1 << 9;
      return (place >= 0 ? height + half : (ONE << 9) - height + half - 1) >> 10;
    };
  }

  /** -1 to 1 with 15 fraction bits. */
  IntUnaryOperator tanh() {
    return x -> {
      int place = place(x);
      int height = interpolated(Math.abs(place), 8, 0xFFFF << 8) - (ONE << 7);
      int half = 1 << 7;
      return (place >= 0 ? height + half : half - height - 1) >> 8;
    };
  }

  private int place(int x) {
    int half = shift > 0 ? 1 << (shift - 1) : 0;
    return (x * multiplier + half) >> shift;
  }

  private static int interpolated(int place, int offsetBits, int beyond) {
    int index = place >> offsetBits;
    if (index >= ENTRIES - 1) {
      return beyond;
    }
    int offset = place & ((1 << offsetBits) - 1);
    return (TABLE[index] << offsetBits) + offset * (TABLE[index + 1] - TABLE[index]);
  }

  private static int[] table() {
    int[] table = new int[ENTRIES];
    for (int i = 0; i < ENTRIES - 1; i++) {
      double shortage = scaled(i + 0.5) - (scaled(i) + scaled(i + 1)) / 2;
      table[i] = (int) Math.floor(scaled(i) + shortage / 2 + 0.5);
    }
    table[ENTRIES - 1] = ONE - 1;
    return table;
  }

  private static double scaled(double i) {
    return ONE / (1 + Math.exp(-i / STEPS_PER_UNIT));
  }
}
