// SPDX-License-Identifier: Apache-2.0
package dev.etch.op.requantization;

import java.util.Optional;

/**
 * TFLite's requantization: {@code clamp(multiplier.times(accumulator - inputZeroPoint) +
 * zeroPoint)}. The reference kernels of CONV_2D, DEPTHWISE_CONV_2D, FULLY_CONNECTED, MEAN, RELU and
 * the rescaling QUANTIZE.
 *
 * @param inputZeroPoint subtracted first; 0 after an integer layer, whose accumulator is exact
 * @param multiplier input scale * weight scale / output scale
 * @param zeroPoint of the output
 * @param low smallest output
 * @param high largest output
 */
public record FixedPoint(
    int inputZeroPoint, QuantizedMultiplier multiplier, int zeroPoint, int low, int high)
    implements Requantization {
  @Override
  public int apply(long accumulator) {
    long result = (long) multiplier.times(accumulator - inputZeroPoint) + zeroPoint;
    return Limits.clamp(result, low, high);
  }

  @Override
  public long zero() {
    return inputZeroPoint;
  }

  @Override
  public double ratio() {
    return multiplier.real();
  }

  @Override
  public Optional<Lines> lines(long least, long most) {
    return Lines.ofProduct(multiplier, 0, inputZeroPoint, zeroPoint, least, most);
  }

  @Override
  public FixedPoint withLimits(int least, int most) {
    return new FixedPoint(inputZeroPoint, multiplier, zeroPoint, least, most);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.fixedPoint(this);
  }
}
