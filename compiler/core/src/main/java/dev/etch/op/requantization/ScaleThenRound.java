// SPDX-License-Identifier: Apache-2.0
package dev.etch.op.requantization;

/**
 * ONNX Runtime's requantization of QLinearConv, QLinearMatMul, QGemm and QLinearGlobalAveragePool
 * (MLAS {@code MlasRequantizeOutput}): {@code clamp(roundHalfEven(float32(acc) * scale) +
 * zeroPoint)}.
 *
 * @param scale input scale * weight scale / output scale, each step rounded to float32; above 0
 * @param zeroPoint of the output
 * @param low smallest output
 * @param high largest output
 */
public record ScaleThenRound(float scale, int zeroPoint, int low, int high)
    implements Requantization {
  @Override
  public int apply(long accumulator) {
    return Limits.clamp(Math.rint((float) accumulator * scale) + zeroPoint, low, high);
  }

  @Override
  public double ratio() {
    return scale;
  }

  @Override
  public ScaleThenRound withLimits(int least, int most) {
    return new ScaleThenRound(scale, zeroPoint, least, most);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.scaleThenRound(this);
  }
}
