// SPDX-License-Identifier: Apache-2.0
package dev.etch.op.requantization;

/**
 * DequantizeLinear followed by QuantizeLinear: {@code clamp(roundHalfEven(((x - inputZeroPoint) *
 * inputScale) / outputScale) + outputZeroPoint)}, each operation in float32.
 *
 * @param inputScale above 0
 * @param inputZeroPoint of the input
 * @param outputScale above 0
 * @param outputZeroPoint of the output
 * @param low smallest output
 * @param high largest output
 */
public record DequantizeThenQuantize(
    float inputScale, int inputZeroPoint, float outputScale, int outputZeroPoint, int low, int high)
    implements Requantization {
  @Override
  public int apply(long accumulator) {
    float real = (float) (accumulator - inputZeroPoint) * inputScale;
    return Limits.clamp(Math.rint(real / outputScale) + outputZeroPoint, low, high);
  }

  @Override
  public double ratio() {
    return (double) inputScale / outputScale;
  }

  @Override
  public DequantizeThenQuantize withLimits(int least, int most) {
    return new DequantizeThenQuantize(
        inputScale, inputZeroPoint, outputScale, outputZeroPoint, least, most);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.dequantizeThenQuantize(this);
  }
}
