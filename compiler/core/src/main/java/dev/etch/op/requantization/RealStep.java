// SPDX-License-Identifier: Apache-2.0
package dev.etch.op.requantization;

import dev.etch.diagnostic.OperatorException;
import java.util.List;
import java.util.Objects;

/** An operation on one float32 with constants, one rounding an operation. */
public sealed interface RealStep permits RealStep.Linear, RealStep.Clamp, RealStep.Curve {

  /** The result; monotone in {@code x}. */
  float apply(float x);

  /**
   * How much the result grows with {@code x}: below 0 if it shrinks, 0 if it does not depend on x.
   */
  double slope();

  /** The result of one step after the other. */
  static float apply(List<RealStep> steps, float x) {
    float result = x;
    for (RealStep step : steps) {
      result = step.apply(result);
    }
    return result;
  }

  /** The slope of one step after the other. */
  static double slope(List<RealStep> steps) {
    return steps.stream().mapToDouble(RealStep::slope).reduce(1, (a, b) -> a * b);
  }

  /** 1 if all steps together grow with their operand, -1 if they shrink, 0 if they are constant. */
  static int direction(List<RealStep> steps) {
    return (int) steps.stream().mapToDouble(s -> Math.signum(s.slope())).reduce(1, (a, b) -> a * b);
  }

  /**
   * {@code x / divisor * factor + addend}; a divisor or factor of 1 and an addend of 0 are exact. A
   * factor of 0 gives the addend, also of an infinite {@code x}.
   */
  record Linear(float divisor, float factor, float addend) implements RealStep {
    public Linear {
      if (divisor == 0 || !Float.isFinite(divisor)) {
        throw new OperatorException("divisor " + divisor + " is 0 or not finite", "");
      }
      if (!Float.isFinite(factor) || !Float.isFinite(addend)) {
        throw new OperatorException("constants " + factor + ", " + addend + " are not finite", "");
      }
    }

    @Override
    public float apply(float x) {
      return factor == 0 ? addend : x / divisor * factor + addend;
    }

    @Override
    public double slope() {
      return (double) factor / divisor;
    }
  }

  /** {@code min(max(x, low), high)}: Relu, Clip. */
  record Clamp(float low, float high) implements RealStep {
    @Override
    public float apply(float x) {
      return Math.min(Math.max(x, low), high);
    }

    @Override
    public double slope() {
      return 1;
    }
  }

  /**
   * A function that never decreases but for its rounding. Its slope is not constant, and stands for
   * its direction.
   */
  record Curve(FloatFunction function) implements RealStep {
    public Curve {
      Objects.requireNonNull(function);
    }

    @Override
    public float apply(float x) {
      return function.apply(x);
    }

    @Override
    public double slope() {
      return 1;
    }
  }
}
