// SPDX-License-Identifier: Apache-2.0
package dev.etch.op.requantization;

import dev.etch.diagnostic.OperatorException;
import java.util.List;
import java.util.Objects;

/**
 * What float32 arithmetic decides: {@code quantizer(steps((acc - inputZeroPoint) * scale))}, one
 * rounding an operation. Where the steps decrease, the weights in front are negated, and so is the
 * accumulator here.
 *
 * @param negated whether the accumulator is the negated one
 * @param inputZeroPoint subtracted first; 0 after an integer layer, whose accumulator is exact
 * @param scale what the accumulator counts; above 0
 * @param steps between the layer and the quantizer
 * @param quantizer gives the output
 * @param low smallest output
 * @param high largest output
 */
public record RealSteps(
    boolean negated,
    int inputZeroPoint,
    float scale,
    List<RealStep> steps,
    RealQuantizer quantizer,
    int low,
    int high)
    implements Requantization {
  public RealSteps {
    steps = List.copyOf(steps);
    Objects.requireNonNull(quantizer);
    if (RealStep.direction(steps) * (negated ? -1 : 1) < 0) {
      throw new OperatorException("the steps decrease as the accumulator grows", "");
    }
  }

  @Override
  public int apply(long accumulator) {
    float x = (float) ((negated ? -accumulator : accumulator) - inputZeroPoint) * scale;
    return Limits.clamp(quantizer.apply(RealStep.apply(steps, x)), low, high);
  }

  @Override
  public double ratio() {
    return Math.abs(RealStep.slope(steps)) * scale * quantizer.ratio();
  }

  @Override
  public RealSteps withLimits(int least, int most) {
    return new RealSteps(negated, inputZeroPoint, scale, steps, quantizer, least, most);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.realSteps(this);
  }
}
