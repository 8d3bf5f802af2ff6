// SPDX-License-Identifier: Apache-2.0
package dev.etch.op.requantization;

/**
 * ONNX Runtime's requantization of QLinearMul (MLAS {@code MlasQLinearMul}): {@code
 * clamp(roundHalfEven(float32(product) * scale + zeroPoint))}. Unlike {@link ScaleThenRound} it
 * adds the zero point in float32, before it rounds.
 *
 * @param scale left scale * right scale / output scale, each step rounded to float32; above 0
 * @param zeroPoint of the output
 * @param low smallest output
 * @param high largest output
 */
public record ScaleThenShift(float scale, int zeroPoint, int low, int high)
    implements Requantization {
  @Override
  public int apply(long accumulator) {
    return Limits.clamp(Math.rint((float) accumulator * scale + zeroPoint), low, high);
  }

  @Override
  public double ratio() {
    return scale;
  }

  @Override
  public ScaleThenShift withLimits(int least, int most) {
    return new ScaleThenShift(scale, zeroPoint, least, most);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.scaleThenShift(this);
  }
}
