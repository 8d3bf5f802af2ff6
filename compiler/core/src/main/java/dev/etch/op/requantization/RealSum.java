// SPDX-License-Identifier: Apache-2.0
package dev.etch.op.requantization;

import dev.etch.diagnostic.OperatorException;
import java.util.List;

/**
 * What float32 arithmetic decides: {@code quantizer(steps((left - leftZeroPoint) * leftScale +
 * (right - rightZeroPoint) * rightScale))}, one rounding an operation.
 *
 * @param leftScale above 0
 * @param leftZeroPoint of the left operand
 * @param rightScale above 0
 * @param rightZeroPoint of the right operand
 * @param steps between the sum and the quantizer; together they do not decrease
 * @param quantizer gives the output
 * @param low smallest output
 * @param high largest output
 */
public record RealSum(
    float leftScale,
    int leftZeroPoint,
    float rightScale,
    int rightZeroPoint,
    List<RealStep> steps,
    RealQuantizer quantizer,
    int low,
    int high)
    implements SumRequantization {
  public RealSum {
    steps = List.copyOf(steps);
    if (RealStep.direction(steps) < 0) {
      throw new OperatorException("the steps decrease as the sum grows", "");
    }
  }

  @Override
  public int apply(int left, int right) {
    float x = (left - leftZeroPoint) * leftScale + (right - rightZeroPoint) * rightScale;
    return Limits.clamp(quantizer.apply(RealStep.apply(steps, x)), low, high);
  }

  @Override
  public double leftRatio() {
    return leftScale * slope();
  }

  @Override
  public double rightRatio() {
    return rightScale * slope();
  }

  private double slope() {
    return quantizer.ratio() * RealStep.slope(steps);
  }

  @Override
  public RealSum withLimits(int least, int most) {
    return new RealSum(
        leftScale, leftZeroPoint, rightScale, rightZeroPoint, steps, quantizer, least, most);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.realSum(this);
  }
}
