// SPDX-License-Identifier: Apache-2.0
package dev.etch.op.requantization;

/**
 * A layer that ONNX Runtime leaves in float32: the sum of dequantized products (or elements, for a
 * mean), divided by {@code count}, then QuantizeLinear. The sum is the exact one, rounded to
 * float32 once; what follows is float32 arithmetic. ONNX Runtime's own sum hangs on the order of
 * its additions, unless all of them are exact.
 *
 * @param inputScale above 0
 * @param weightScale above 0; 1 for a mean
 * @param bias that is added to the sum and is no whole number of its steps; 0 if there is none
 * @param count what the sum is divided by; 1 for a convolution or a dense layer
 * @param outputScale above 0
 * @param zeroPoint of the output
 * @param low smallest output
 * @param high largest output
 */
public record FloatAccumulation(
    float inputScale,
    float weightScale,
    float bias,
    int count,
    float outputScale,
    int zeroPoint,
    int low,
    int high)
    implements Requantization {
  @Override
  public int apply(long accumulator) {
    float sum = (float) (accumulator * ((double) inputScale * weightScale) + bias);
    return Limits.clamp(Math.rint(sum / count / outputScale) + zeroPoint, low, high);
  }

  @Override
  public double ratio() {
    return (double) inputScale * weightScale / count / outputScale;
  }

  @Override
  public FloatAccumulation withLimits(int least, int most) {
    return new FloatAccumulation(
        inputScale, weightScale, bias, count, outputScale, zeroPoint, least, most);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.floatAccumulation(this);
  }
}
