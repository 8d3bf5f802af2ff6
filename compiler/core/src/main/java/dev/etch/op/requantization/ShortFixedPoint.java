// SPDX-License-Identifier: Apache-2.0
package dev.etch.op.requantization;

import dev.etch.diagnostic.OperatorException;
import java.util.Optional;

/**
 * TFLite's requantization of 64-bit accumulators, those of layers with 16-bit activations and
 * 64-bit biases: {@code clamp((((accumulator + bias) * multiplier + 2^(shift - 1)) >> shift) +
 * zeroPoint)}, rounded once, ties up. Source: {@code MultiplyByQuantizedMultiplier(int64_t, ...)}.
 *
 * @param bias added to the accumulator; up to 2^47 in magnitude. It belongs to the staircase since
 *     it may have more than the accumulator's 32 bits
 * @param multiplier 15 bits: the upper half of a {@link QuantizedMultiplier}
 * @param shift from 1 to 62
 * @param zeroPoint of the output
 * @param low smallest output
 * @param high largest output
 */
public record ShortFixedPoint(
    long bias, int multiplier, int shift, int zeroPoint, int low, int high)
    implements Requantization {
  private static final long LARGEST_SUM = 1L << 47;

  public ShortFixedPoint {
    if (multiplier < 0 || multiplier > Short.MAX_VALUE || shift < 1 || shift > 62) {
      throw new OperatorException(
          "multiplier %d with shift %d".formatted(multiplier, shift),
          "a multiplier has 15 bits, a shift is from 1 to 62");
    }
    if (Math.abs(bias) >= LARGEST_SUM) {
      throw new OperatorException(
          "a bias of " + bias, "TFLite's kernels are defined for sums below 2^47");
    }
  }

  /** With the upper half of a multiplier, rounded; its shift must be at most 14. */
  public static ShortFixedPoint of(
      long bias, QuantizedMultiplier full, int zeroPoint, int low, int high) {
    int upper = Math.min(Short.MAX_VALUE, (int) ((full.multiplier() + (1L << 15)) >> 16));
    return new ShortFixedPoint(bias, upper, 15 - full.shift(), zeroPoint, low, high);
  }

  @Override
  public int apply(long accumulator) {
    long product = (accumulator + bias) * multiplier + (1L << (shift - 1));
    return Limits.clamp((product >> shift) + zeroPoint, low, high);
  }

  @Override
  public long zero() {
    return -bias;
  }

  @Override
  public double ratio() {
    return Math.scalb((double) multiplier, -shift);
  }

  @Override
  public Optional<Lines> lines(long least, long most) {
    return Lines.ofSum(bias, multiplier, shift, zeroPoint);
  }

  @Override
  public ShortFixedPoint withLimits(int least, int most) {
    return new ShortFixedPoint(bias, multiplier, shift, zeroPoint, least, most);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.shortFixedPoint(this);
  }
}
