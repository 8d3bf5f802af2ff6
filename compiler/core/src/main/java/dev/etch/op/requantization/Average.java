// SPDX-License-Identifier: Apache-2.0
package dev.etch.op.requantization;

/**
 * ONNX Runtime's QLinearAveragePool after an exact sum: {@code clamp(roundHalfEven(((sum *
 * inputScale) / count) / outputScale + zeroPoint))}, each operation in float32; unlike the other
 * staircases it adds the zero point before it rounds. ONNX Runtime itself sums dequantized floats,
 * so that it may differ where the exact result is within float32 rounding of a tie.
 *
 * @param inputScale above 0
 * @param count elements that the sum is divided by
 * @param outputScale above 0
 * @param zeroPoint of the output
 * @param low smallest output
 * @param high largest output
 * @param move by which ONNX Runtime moves int8 outputs to uint8 before it rounds; 0 if it does not
 */
public record Average(
    float inputScale, int count, float outputScale, int zeroPoint, int low, int high, int move)
    implements Requantization {
  @Override
  public int apply(long accumulator) {
    float mean = (float) accumulator * inputScale / count;
    return Limits.clamp(Math.rint(mean / outputScale + (zeroPoint + move)) - move, low, high);
  }

  @Override
  public double ratio() {
    return (double) inputScale / count / outputScale;
  }

  @Override
  public Average withLimits(int least, int most) {
    return new Average(inputScale, count, outputScale, zeroPoint, least, most, move);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.average(this);
  }
}
