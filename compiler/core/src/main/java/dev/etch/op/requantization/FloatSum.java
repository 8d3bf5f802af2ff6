// SPDX-License-Identifier: Apache-2.0
package dev.etch.op.requantization;

/**
 * ONNX Runtime's QLinearAdd, in float32 with fused multiply-adds, as its AVX2 kernel computes it
 * (MLAS {@code MlasQLinearAddKernelAvx2Helper}): with {@code leftRatio = leftScale / outputScale}
 * and {@code rightRatio} likewise,
 *
 * <pre>
 * constant = outputZeroPoint - fma(leftRatio, leftZeroPoint, rightRatio * rightZeroPoint)
 * result = clamp(roundHalfEven(fma(left, leftRatio, fma(right, rightRatio, constant))))
 * </pre>
 */
public record FloatSum(
    float leftScale,
    int leftZeroPoint,
    float rightScale,
    int rightZeroPoint,
    float outputScale,
    int outputZeroPoint,
    int low,
    int high)
    implements SumRequantization {
  @Override
  public int apply(int left, int right) {
    float leftRatio = leftScale / outputScale;
    float rightRatio = rightScale / outputScale;
    float constant =
        outputZeroPoint - Math.fma(leftRatio, leftZeroPoint, rightRatio * rightZeroPoint);
    float sum = Math.fma((float) left, leftRatio, Math.fma((float) right, rightRatio, constant));
    return Limits.clamp(Math.rint(sum), low, high);
  }

  @Override
  public double leftRatio() {
    return leftScale / outputScale;
  }

  @Override
  public double rightRatio() {
    return rightScale / outputScale;
  }

  @Override
  public FloatSum withLimits(int least, int most) {
    return new FloatSum(
        leftScale,
        leftZeroPoint,
        rightScale,
        rightZeroPoint,
        outputScale,
        outputZeroPoint,
        least,
        most);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.floatSum(this);
  }
}
