// SPDX-License-Identifier: Apache-2.0
package dev.etch.op.requantization;

import dev.etch.diagnostic.OperatorException;
import java.util.List;
import java.util.Objects;

/**
 * A layer as in {@link FloatAccumulation} with a result of so many levels that float32's own
 * roundings decide between them: the exact sum is scaled exactly and rounded once, half to even:
 * {@code clamp(round((accumulator * multiplier + addend) / 2^shift) + zeroPoint)}.
 *
 * @param layer what ONNX Runtime does
 * @param multiplier {@code 2^shift} times the ratio of scales
 * @param addend {@code 2^shift} times the bias in steps of the output
 * @param shift from 1 to {@value #MOST_SHIFT}
 */
public record ExactAccumulation(FloatAccumulation layer, long multiplier, long addend, int shift)
    implements Requantization {
  /** Bits of the largest multiplier: the products' error is far below one of float32. */
  private static final int MULTIPLIER_BITS = 31;

  /** With a zero point of 16 bits, 63 bits hold everything. */
  private static final int MOST_SHIFT = 44;

  private static final long LARGEST = 1L << 61;

  public ExactAccumulation {
    Objects.requireNonNull(layer);
    if (multiplier < 0
        || multiplier > 1L << MULTIPLIER_BITS
        || Math.abs(addend) > LARGEST
        || shift < 1
        || shift > MOST_SHIFT) {
      throw new OperatorException(
          "a layer multiplies by %d with shift %d".formatted(multiplier, shift),
          "choose a larger output scale");
    }
  }

  /** All channels of a layer, with the shift that suits the largest ratio. */
  public static List<Requantization> of(List<FloatAccumulation> channels) {
    double largest = channels.stream().mapToDouble(FloatAccumulation::ratio).max().orElseThrow();
    int shift = Math.min(MOST_SHIFT, MULTIPLIER_BITS - 1 - Math.getExponent(largest));
    return channels.stream().<Requantization>map(layer -> of(layer, shift)).toList();
  }

  private static ExactAccumulation of(FloatAccumulation layer, int shift) {
    double addend = (double) layer.bias() / layer.count() / layer.outputScale();
    return new ExactAccumulation(
        layer,
        Math.round(Math.scalb(layer.ratio(), shift)),
        Math.round(Math.scalb(addend, shift)),
        shift);
  }

  @Override
  public int apply(long accumulator) {
    long rounded = HalfEven.divideByPowerOfTwo(accumulator * multiplier + addend, shift);
    return Limits.clamp(rounded + layer.zeroPoint(), low(), high());
  }

  @Override
  public int low() {
    return layer.low();
  }

  @Override
  public int high() {
    return layer.high();
  }

  @Override
  public double ratio() {
    return Math.scalb((double) multiplier, -shift);
  }

  @Override
  public ExactAccumulation withLimits(int least, int most) {
    return new ExactAccumulation(layer.withLimits(least, most), multiplier, addend, shift);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.exactAccumulation(this);
  }
}
