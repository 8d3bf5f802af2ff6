// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * A function of 16 bits by linear interpolation between 513 entries, all with 15 fraction bits.
 *
 * <p>Source: TFLite's {@code gen_lut} and {@code generic_int16_table_lookup}. An entry is the
 * function there, less half of what interpolation would be off by in the middle of its interval.
 */
final class InterpolatedTable {
  /** exp from -10 to 0. */
  static final InterpolatedTable EXPONENTIAL = new InterpolatedTable(Math::exp, -10, 0);

  /** 1 / (1 + x) from 0 to 1. */
  static final InterpolatedTable RECIPROCAL_OF_ONE_PLUS =
      new InterpolatedTable(x -> 1 / (1 + x), 0, 1);

  private static final int INTERVALS = 512;
  private static final int OFFSET_BITS = 7;
  private static final double ONE = 1 << 15;

  private final int[] entries = new int[INTERVALS + 1];

  private InterpolatedTable(DoubleUnaryOperator function, double from, double to) {
    double step = (to - from) / INTERVALS;
    for (int i = 0; i < INTERVALS; i++) {
      double here = rounded(function.applyAsDouble(from + i * step) * ONE);
      double next = function.applyAsDouble(from + (i + 1) * step) * ONE;
      double middle = rounded(function.applyAsDouble(from + i * step + step / 2) * ONE);
      double excess = rounded((next + here) / 2) - middle;
      entries[i] = saturated(here - rounded(excess / 2));
    }
    entries[INTERVALS] = saturated(rounded(function.applyAsDouble(to) * ONE));
  }

  /** The function where {@code place}, from -2^15 to 2^15 - 1, is on the way from end to end. */
  int at(int place) {
    int index = INTERVALS / 2 + (place >> OFFSET_BITS);
    int offset = place & ((1 << OFFSET_BITS) - 1);
    int slope = entries[index + 1] - entries[index];
    return entries[index] + ((slope * offset + (1 << (OFFSET_BITS - 1))) >> OFFSET_BITS);
  }

  /** All 513 entries. */
  List<Integer> entries() {
    return Arrays.stream(entries).boxed().toList();
  }

  private static int saturated(double value) {
    return (int) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, value));
  }

  /** C's {@code round}: ties away from zero. */
  private static double rounded(double value) {
    return Math.copySign(Math.floor(Math.abs(value) + 0.5), value);
  }
}
