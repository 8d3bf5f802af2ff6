// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize;

import dev.etch.op.requantization.Average;
import dev.etch.op.requantization.DequantizeThenQuantize;
import dev.etch.op.requantization.DoubleProduct;
import dev.etch.op.requantization.ExactAccumulation;
import dev.etch.op.requantization.FixedPoint;
import dev.etch.op.requantization.FloatAccumulation;
import dev.etch.op.requantization.MovedProduct;
import dev.etch.op.requantization.RealSteps;
import dev.etch.op.requantization.Requantization;
import dev.etch.op.requantization.RoundedQuotient;
import dev.etch.op.requantization.ScaleThenRound;
import dev.etch.op.requantization.ScaleThenShift;
import dev.etch.op.requantization.ShortFixedPoint;
import dev.etch.op.requantization.Steps;
import java.util.Objects;
import java.util.Optional;

/**
 * What ONNX Runtime computes in float32 where Etch has a staircase of an exact integer, so that
 * their results can differ. Means are looked at by {@link AverageTies}.
 *
 * @param sum the layer whose additions have an order; none if nothing depends on that
 * @param fine whether Etch scales the exact sum exactly, where ONNX Runtime rounds
 * @param unequalPairs pairs of factors whose rounded product gives another result
 */
record FloatArithmetic(Optional<FloatAccumulation> sum, boolean fine, int unequalPairs) {
  private static final FloatArithmetic NONE = new FloatArithmetic(Optional.empty(), false, 0);

  FloatArithmetic {
    Objects.requireNonNull(sum);
  }

  /** That of a channel. */
  static FloatArithmetic of(Requantization channel) {
    return channel.accept(new Forms());
  }

  /** Whether there is any. */
  boolean isPresent() {
    return sum.isPresent() || unequalPairs > 0;
  }

  /** Form by form: where the framework's own arithmetic is the definition, there is none. */
  private static final class Forms implements Requantization.Visitor<FloatArithmetic> {
    @Override
    public FloatArithmetic scaleThenRound(ScaleThenRound form) {
      return NONE;
    }

    @Override
    public FloatArithmetic scaleThenShift(ScaleThenShift form) {
      return NONE;
    }

    @Override
    public FloatArithmetic movedProduct(MovedProduct form) {
      return NONE;
    }

    @Override
    public FloatArithmetic floatAccumulation(FloatAccumulation form) {
      return new FloatArithmetic(Optional.of(form), false, 0);
    }

    @Override
    public FloatArithmetic exactAccumulation(ExactAccumulation form) {
      return new FloatArithmetic(Optional.of(form.layer()), true, 0);
    }

    @Override
    public FloatArithmetic steps(Steps form) {
      return new FloatArithmetic(Optional.empty(), false, form.unequalPairs());
    }

    @Override
    public FloatArithmetic dequantizeThenQuantize(DequantizeThenQuantize form) {
      return NONE;
    }

    @Override
    public FloatArithmetic average(Average form) {
      return NONE;
    }

    @Override
    public FloatArithmetic fixedPoint(FixedPoint form) {
      return NONE;
    }

    @Override
    public FloatArithmetic shortFixedPoint(ShortFixedPoint form) {
      return NONE;
    }

    @Override
    public FloatArithmetic doubleProduct(DoubleProduct form) {
      return NONE;
    }

    @Override
    public FloatArithmetic roundedQuotient(RoundedQuotient form) {
      return NONE;
    }

    @Override
    public FloatArithmetic realSteps(RealSteps form) {
      return NONE;
    }
  }
}
