// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.op.Lookup;
import dev.etch.op.Quantization;
import java.util.function.DoubleUnaryOperator;

/**
 * A table made of a function of real numbers, as TFLite's {@code PopulateLookupTable} makes it:
 * every step in float32, ties away from zero.
 */
final class RealTable {
  private RealTable() {}

  /** The table of {@code function}, whose result is rounded to float32. */
  static Lookup of(Quantization input, Quantization output, DoubleUnaryOperator function) {
    float inverse = 1 / output.scale(0);
    return Lookup.of(
        input.type(),
        output.type(),
        x -> {
          float real = input.scale(0) * (x - input.zeroPoint(0));
          float rescaled = roundAway((float) function.applyAsDouble(real) * inverse);
          return (int) output.type().saturate((long) (rescaled + output.zeroPoint(0)));
        });
  }

  /** C's {@code round}: to the nearest integer, ties away from zero. */
  static float roundAway(float value) {
    return (float) Math.copySign(Math.floor(Math.abs((double) value) + 0.5), value);
  }
}
