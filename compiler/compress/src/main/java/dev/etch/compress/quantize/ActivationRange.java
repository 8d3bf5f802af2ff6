// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.quantize;

import dev.etch.op.Quantization;
import dev.etch.tensor.IntegerType;

/**
 * What a value of a network reaches.
 *
 * @param low at most 0
 * @param high at least 0
 */
public record ActivationRange(float low, float high) {
  public ActivationRange {
    if (!(low <= 0 && high >= 0) || Float.isInfinite(low) || Float.isInfinite(high)) {
      throw new IllegalArgumentException("a range of " + low + " to " + high);
    }
  }

  /** The range of some numbers and 0. */
  public static ActivationRange of(float low, float high) {
    return new ActivationRange(Math.min(low, 0), Math.max(high, 0));
  }

  /** Covers both. */
  ActivationRange union(ActivationRange other) {
    return new ActivationRange(Math.min(low, other.low), Math.max(high, other.high));
  }

  /**
   * Unsigned integers with a zero point of 0 if nothing is below 0, else signed ones with one as
   * well: a zero point costs hardware. Of one bit, those below 0 need a second.
   */
  public Quantization symmetric(int bits) {
    IntegerType type = new IntegerType(low < 0 ? Math.max(2, bits) : bits, low < 0);
    float reach = low < 0 ? Math.max(-low, high) : high;
    return Quantization.perTensor(type, scale(reach, type.maximum()), 0);
  }

  /** Unsigned integers with the zero point that makes the most of them. */
  public Quantization asymmetric(int bits) {
    IntegerType type = new IntegerType(bits, false);
    float scale = scale(high - low, type.maximum());
    int zeroPoint = (int) type.saturate((long) Math.rint(-low / scale));
    return Quantization.perTensor(type, scale, zeroPoint);
  }

  /** A value that is always 0 has any scale. */
  private static float scale(float reach, long steps) {
    float scale = reach / steps;
    return scale > 0 ? scale : 1;
  }
}
